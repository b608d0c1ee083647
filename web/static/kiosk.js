// The kiosk: screens are exchanged inside one page, so that the browser's history never holds more than one entry;
// nobody there for a while, and everything begins anew. Nothing is stored, no cookie is sent. On any failure links
// and forms still work as they would without this file. Plain old JavaScript; all words come from the page.
(function () {
  "use strict";

  var page = document;
  var main = page.querySelector("[data-main]");
  var status = page.querySelector(".k-busy");
  var warning = page.querySelector("[data-warning]");
  var speech = window.minshengSpeech;
  var START = "/kiosk";
  var IDLE = Number(page.body.getAttribute("data-idle")) * 1000;
  var WARNED = 10;
  var REFRESH = 10 * 60 * 1000;
  var MOST_FOUND = 6;

  var turn = 0; // grows with every screen: what arrives for an earlier one is not shown
  var busy = false;
  var touched = Date.now();
  var begun = Date.now();
  var left = 0;
  var ticking = null;
  var idling = null;
  var first = main.querySelector("[data-start]") ? main.innerHTML : null;

  function each(selector, act) {
    Array.prototype.forEach.call(main.querySelectorAll(selector), act);
  }

  function closest(element, selector) {
    while (element && element !== page && !(element.matches && element.matches(selector))) {
      element = element.parentNode;
    }
    return element && element !== page ? element : null;
  }

  /* Exchanging screens */

  function setBusy(on) {
    busy = on;
    page.documentElement.classList[on ? "add" : "remove"]("is-busy");
    status.textContent = on ? status.getAttribute("data-busy") : "";
  }

  function put(html, title) {
    speech.stop();
    main.innerHTML = html;
    if (title) {
      page.title = title;
    }
    if (main.querySelector("[data-start]")) {
      first = html;
    }
    window.scrollTo(0, 0);
    main.focus({ preventScroll: true });
    prepare();
  }

  function show(address, options) {
    if (busy) {
      return;
    }
    var mine = ++turn;
    setBusy(true);
    options.credentials = "omit";
    options.cache = "no-store";
    fetch(address, options)
      .then(function (response) {
        return response.text();
      })
      .then(function (text) {
        if (mine !== turn) {
          return;
        }
        var fresh = new DOMParser().parseFromString(text, "text/html");
        var found = fresh.querySelector("[data-main]");
        if (!found) {
          throw new Error("not one of our screens");
        }
        setBusy(false);
        put(found.innerHTML, fresh.title);
      })
      .catch(function () {
        if (mine === turn) {
          setBusy(false);
          put(page.querySelector("[data-away]").innerHTML, "");
        }
      });
  }

  page.addEventListener("click", function (event) {
    var link = closest(event.target, "a[href]");
    if (link && window.fetch && window.DOMParser) {
      event.preventDefault();
      show(link.getAttribute("href"), {});
    }
  });

  page.addEventListener("submit", function (event) {
    var form = event.target;
    var pressed = event.submitter;
    if (!window.fetch || !window.DOMParser || !window.URLSearchParams || (!pressed && !form.elements.question.value)) {
      return;
    }
    event.preventDefault();
    var body = new URLSearchParams();
    Array.prototype.forEach.call(form.querySelectorAll("input, textarea"), function (field) {
      body.append(field.name, field.value);
    });
    if (pressed && pressed.name) {
      body.append(pressed.name, pressed.value);
    }
    show(form.getAttribute("action"), { method: "POST", body: body });
  });

  // A menu or a dragged link would be a way out.
  ["contextmenu", "dragstart"].forEach(function (name) {
    page.addEventListener(name, function (event) {
      event.preventDefault();
    });
  });

  /* What a screen can do beyond links and forms is offered when it is shown. */

  function prepare() {
    each("[data-print]", function (control) {
      control.hidden = !window.print;
    });
    each("[data-read]", function (control) {
      control.hidden = !speech.available();
    });
    each("[data-find]", function (keys) {
      keys.hidden = false;
      typed("");
    });
    offerMore();
  }

  page.addEventListener("click", function (event) {
    var control = closest(event.target, "button");
    if (!control) {
      return;
    }
    if (control.hasAttribute("data-print")) {
      window.print();
    } else if (control.hasAttribute("data-read")) {
      readAloud(control);
    } else if (control.hasAttribute("data-more")) {
      window.scrollBy(0, window.innerHeight * 0.7);
    } else if (control.hasAttribute("data-letter")) {
      typed(letters + control.getAttribute("data-letter"));
    } else if (control.hasAttribute("data-delete")) {
      typed(letters.slice(0, -1));
    } else if (control.hasAttribute("data-clear")) {
      typed("");
    } else if (control.hasAttribute("data-leave")) {
      forget();
    }
  });

  function offerMore() {
    var below = page.documentElement.scrollHeight - window.innerHeight - window.pageYOffset;
    each("[data-more]", function (control) {
      control.hidden = below < 40;
    });
  }

  function readAloud(control) {
    var rest = control.textContent;
    var texts = [];
    if (speech.reading()) {
      speech.stop();
      return;
    }
    each("[data-quotes] blockquote p, [data-quotes] figcaption p", function (part) {
      texts.push(part.textContent.trim());
    });
    control.textContent = control.getAttribute("data-stop");
    speech.read(texts, function () {
      control.textContent = rest;
      touch();
    });
  }

  /* Finding by initials: a key that leads to nothing cannot be pressed. */

  var letters = "";

  function typed(now) {
    letters = now;
    var keys = main.querySelector("[data-find]");
    var shown = main.querySelector("[data-typed]");
    var next = {};
    var found = [];
    shown.textContent = letters ? letters.split("").join(" ") : shown.getAttribute("data-none");
    each("[data-initials]", function (entry) {
      var initials = entry.getAttribute("data-initials");
      var at = initials.indexOf(letters);
      entry.hidden = true;
      if (at >= 0) {
        found.push({ at: at, number: found.length, entry: entry });
      }
      for (; at >= 0 && at + letters.length < initials.length; at = initials.indexOf(letters, at + 1)) {
        next[initials.charAt(at + letters.length)] = true;
      }
    });
    found.sort(function (a, b) {
      return a.at - b.at || a.number - b.number;
    });
    found.slice(0, MOST_FOUND).forEach(function (one) {
      one.entry.hidden = false;
      one.entry.parentNode.appendChild(one.entry);
    });
    each("[data-letter]", function (key) {
      key.disabled = !next[key.getAttribute("data-letter")];
    });
    each("[data-delete], [data-clear]", function (key) {
      key.disabled = !letters;
    });
    var words = keys.getAttribute(found.length > MOST_FOUND ? "data-many" : "data-found");
    main.querySelector("[data-count]").textContent = words
      .replace("{n}", found.length)
      .replace("{shown}", Math.min(found.length, MOST_FOUND));
    offerMore();
  }

  page.addEventListener("keydown", function (event) {
    if (!main.querySelector("[data-find]") || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    var key = main.querySelector('[data-letter="' + event.key.toUpperCase().replace(/[^A-Z]/g, "") + '"]');
    if (event.key === "Backspace") {
      typed(letters.slice(0, -1));
    } else if (event.key.length === 1 && key && !key.disabled) {
      typed(letters + key.getAttribute("data-letter"));
    }
  });

  /* Nobody there */

  function touch() {
    touched = Date.now();
    window.clearTimeout(idling);
    window.clearInterval(ticking);
    if (warning.open) {
      warning.close();
    }
    idling = window.setTimeout(idle, IDLE);
  }

  function untouched() {
    return main.querySelector("[data-start]") && window.pageYOffset === 0 && !busy;
  }

  function idle() {
    if (untouched()) {
      if (Date.now() - begun > REFRESH || main.querySelector(".k-offline")) {
        forget(); // a start that stands for long takes up what is new, and that the network is back
      } else {
        idling = window.setTimeout(idle, IDLE);
      }
    } else if (speech.reading()) {
      touch();
    } else {
      warn();
    }
  }

  function warn() {
    var counted = warning.querySelector("[data-left]");
    left = WARNED;
    counted.textContent = left;
    if (warning.showModal) {
      warning.showModal();
    } else {
      warning.setAttribute("open", "");
    }
    ticking = window.setInterval(function () {
      left -= 1;
      counted.textContent = left;
      if (left <= 0) {
        forget();
      }
    }, 1000);
  }

  // Back to the start. The page is loaded anew, so that nothing of it stays in memory, unless nothing would answer.
  function forget() {
    turn += 1;
    window.clearInterval(ticking);
    window.clearTimeout(idling);
    speech.stop();
    letters = "";
    main.textContent = "";
    fetch(START, { credentials: "omit", cache: "no-store" })
      .then(function (response) {
        if (!response.ok) {
          throw new Error("no start");
        }
        window.location.replace(START);
      })
      .catch(function () {
        setBusy(false);
        begun = Date.now();
        put(first || page.querySelector("[data-away]").innerHTML, "");
        touch();
      });
  }

  function asleep() {
    if (page.visibilityState !== "hidden" && Date.now() - touched > IDLE + WARNED * 1000 && !untouched()) {
      forget();
    }
  }

  ["pointerdown", "touchstart", "keydown", "input", "wheel"].forEach(function (name) {
    page.addEventListener(
      name,
      function (event) {
        if (!closest(event.target, "[data-leave]")) {
          touch();
        }
      },
      { passive: true, capture: true }
    );
  });
  warning.addEventListener("cancel", touch);
  window.addEventListener("afterprint", touch);
  window.addEventListener("scroll", offerMore, { passive: true });
  window.addEventListener("resize", offerMore);
  page.addEventListener("visibilitychange", asleep);
  window.addEventListener("pagehide", function () {
    main.textContent = ""; // a page that the browser keeps for going back is an empty one
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      forget();
    }
  });

  /* The worker that answers when the network does not */

  if (navigator.serviceWorker) {
    navigator.serviceWorker
      .register(START + "/worker.js", { scope: START, updateViaCache: "none" })
      .then(function (registered) {
        if (registered.active) {
          registered.active.postMessage("keep");
        }
      })
      .catch(function () {
        return null; // without one the kiosk needs the network
      });
  }

  speech.whenVoices(prepare);
  window.history.scrollRestoration = "manual";
  prepare();
  touch();
})();
