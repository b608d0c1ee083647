// Asks without leaving the page, copies, prints, reads aloud. Everything here is an extra: on any failure, or
// in a browser that lacks something, forms are sent as they would be without this file. Plain old JavaScript,
// for old phones. All words come from the page.
(function () {
  "use strict";

  var page = document;
  var region = page.querySelector("[data-region]");
  var status = page.querySelector("[data-status]");
  var busy = false;
  var shown = window.location.pathname;

  function each(within, selector, act) {
    Array.prototype.forEach.call(within.querySelectorAll(selector), act);
  }

  function button(event, name) {
    var at = event.target;
    while (at && at !== page && !(at.hasAttribute && at.hasAttribute("data-" + name))) {
      at = at.parentNode;
    }
    return at && at !== page ? at : null;
  }

  /* Asking */

  function canAsk() {
    return region && status && window.fetch && window.URLSearchParams && window.FormData && FormData.prototype.forEach;
  }

  function setBusy(on) {
    busy = on;
    region.setAttribute("aria-busy", String(on));
    page.documentElement.classList[on ? "add" : "remove"]("is-busy");
    status.textContent = on ? status.getAttribute("data-busy") : "";
    var label = region.querySelector("[data-ask] .primary");
    if (label && on) {
      label.setAttribute("data-rest", label.textContent);
      label.textContent = status.getAttribute("data-busy");
    } else if (label && label.hasAttribute("data-rest")) {
      label.textContent = label.getAttribute("data-rest");
    }
  }

  function fields(form, submitter) {
    var body = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
      body.append(name, value);
    });
    if (submitter && submitter.name) {
      body.append(submitter.name, submitter.value);
    }
    return body;
  }

  function carry(form, name, value) {
    var hidden = page.createElement("input");
    hidden.type = "hidden";
    hidden.name = name;
    hidden.value = value;
    form.appendChild(hidden);
  }

  function sendPlainly(form, submitter) {
    if (submitter && submitter.name) {
      carry(form, submitter.name, submitter.value);
    }
    HTMLFormElement.prototype.submit.call(form);
  }

  function showAnswer(html, focus) {
    speech.stop();
    region.innerHTML = html;
    var answer = region.querySelector("[data-announce]");
    page.title = answer.getAttribute("data-title");
    offer();
    count();
    if (focus) {
      status.textContent = answer.getAttribute("data-announce");
      var title = page.getElementById("answer-title");
      title.focus({ preventScroll: true });
      title.scrollIntoView();
    }
  }

  function showError(html) {
    var fresh = page.createElement("div");
    fresh.innerHTML = html;
    region.querySelector("[data-form]").innerHTML = fresh.querySelector("[data-form]").innerHTML;
    count();
    var field = page.getElementById("question");
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  // Asked too fast, or the site is away: said at the field, and what was typed stays.
  function showTrouble(html) {
    var fresh = page.createElement("div");
    fresh.innerHTML = html;
    var told = fresh.querySelector("[data-problem]");
    var field = page.getElementById("question");
    if (!told || !field) {
      throw new Error("no words for it");
    }
    var before = page.getElementById("question-error");
    var error = before || page.createElement("p");
    error.id = "question-error";
    error.className = "error";
    error.textContent = told.textContent;
    field.parentNode.insertBefore(error, field);
    field.setAttribute("aria-describedby", "question-error question-hint");
    field.focus();
  }

  // An answer with an address of its own is gone back to by that address; one without is kept in the tab's
  // history, so that coming back from a transcript shows the answer again and not an empty page.
  function remember(html) {
    var address = region.querySelector("[data-announce]").getAttribute("data-address");
    try {
      if (address) {
        history.pushState({ address: address }, "", address);
      } else {
        history.replaceState({ answer: html }, "");
      }
    } catch (tooLarge) {
      history.replaceState(null, "");
    }
    shown = window.location.pathname;
    each(page, "[data-display] [name=back]", function (field) {
      field.value = address || "/";
    });
  }

  function cameBack() {
    var entries = window.performance && performance.getEntriesByType && performance.getEntriesByType("navigation");
    return Boolean(entries && entries[0] && entries[0].type === "back_forward");
  }

  function count() {
    var field = page.getElementById("question");
    var counter = region && region.querySelector("[data-counter]");
    if (!field || !counter || !Array.from) {
      return;
    }
    var left = 300 - Array.from(field.value.trim()).length;
    counter.hidden = left > 100;
    counter.classList[left < 0 ? "add" : "remove"]("is-over");
    counter.textContent = counter.getAttribute(left < 0 ? "data-over" : "data-left").replace("{n}", Math.abs(left));
  }

  function ask(event, form) {
    var submitter = event.submitter;
    var body = fields(form, submitter);
    if (!body.has("question")) {
      return; // an old browser that does not say which button was pressed
    }
    event.preventDefault();
    if (busy) {
      return;
    }
    setBusy(true);
    fetch(form.action, { method: "POST", body: body, headers: { Accept: "text/html", "X-Partial": "1" } })
      .then(function (response) {
        return response.text().then(function (html) {
          setBusy(false);
          if (response.status === 200) {
            showAnswer(html, true);
            remember(html);
          } else if (response.status === 422) {
            showError(html);
          } else {
            showTrouble(html);
          }
        });
      })
      .catch(function () {
        setBusy(false);
        sendPlainly(form, submitter);
      });
  }

  /* What is typed survives a change of how the page is shown. */

  function keepDraft() {
    var field = page.getElementById("question");
    try {
      if (field && field.value) {
        sessionStorage.setItem("draft", field.value);
      }
    } catch (unavailable) {
      return;
    }
  }

  function restoreDraft() {
    var field = page.getElementById("question");
    try {
      var draft = sessionStorage.getItem("draft");
      sessionStorage.removeItem("draft");
      if (field && draft && !field.value) {
        field.value = draft;
      }
    } catch (unavailable) {
      return;
    }
  }

  page.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.hasAttribute("data-display") && region) {
      keepDraft();
      each(region, "[data-resend] input", function (field) {
        carry(form, field.name, field.value);
      });
    } else if (form.hasAttribute("data-ask") && canAsk()) {
      ask(event, form);
    }
  });

  /* Copying and printing */

  function copied(control, done) {
    var rest = control.getAttribute("data-rest") || control.textContent;
    control.setAttribute("data-rest", rest);
    control.textContent = control.getAttribute(done ? "data-done" : "data-failed");
    if (status) {
      status.textContent = control.textContent;
    }
    window.setTimeout(function () {
      control.textContent = rest;
    }, 2500);
  }

  function copyTheOldWay(control) {
    var field = page.createElement("textarea");
    field.value = control.getAttribute("data-copy");
    field.className = "visually-hidden";
    page.body.appendChild(field);
    field.select();
    var done = false;
    try {
      done = page.execCommand("copy");
    } catch (refused) {
      done = false;
    }
    page.body.removeChild(field);
    control.focus();
    copied(control, done);
  }

  function copy(control) {
    if (!navigator.clipboard || !navigator.clipboard.writeText) {
      copyTheOldWay(control);
      return;
    }
    navigator.clipboard.writeText(control.getAttribute("data-copy")).then(
      function () {
        copied(control, true);
      },
      function () {
        copyTheOldWay(control);
      }
    );
  }

  /* Reading aloud: by speech.js, only where there is a voice for Chinese. */

  var speech = window.minshengSpeech;

  function read(control) {
    var texts = [];
    each(region, "[data-quotes] blockquote p, [data-quotes] figcaption p:not(.see)", function (part) {
      texts.push(part.textContent.trim());
    });
    var rest = control.textContent;
    control.textContent = control.getAttribute("data-stop");
    speech.read(texts, function () {
      control.textContent = rest;
    });
  }

  /* What a browser can do is offered; what it cannot stays hidden. */

  function offer() {
    each(page, "[data-copy]", function (control) {
      control.hidden = false;
    });
    each(page, "[data-print]", function (control) {
      control.hidden = !window.print;
    });
    each(page, "[data-read]", function (control) {
      control.hidden = !speech.available();
    });
  }

  page.addEventListener("click", function (event) {
    var control = button(event, "copy");
    if (control) {
      copy(control);
    } else if (button(event, "print")) {
      window.print();
    } else if ((control = button(event, "read"))) {
      if (speech.reading()) {
        speech.stop();
      } else {
        read(control);
      }
    }
  });

  window.addEventListener("pagehide", speech.stop);
  window.addEventListener("popstate", function () {
    if (window.location.pathname !== shown) {
      window.location.reload();
    }
  });
  speech.whenVoices(offer);
  if (region) {
    region.addEventListener("input", count);
    if (history.state && history.state.answer && cameBack()) {
      showAnswer(history.state.answer, false);
    }
    restoreDraft();
    count();
  }
  offer();
})();
