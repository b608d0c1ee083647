// Asks without leaving the page. Everything here is an extra: on any failure, or in a browser that lacks
// something, the form is sent as it would be without this file. All words come from the page.
(function () {
  "use strict";

  var page = document;
  var region = page.querySelector("[data-region]");
  var status = page.querySelector("[data-status]");
  if (!region || !status || !window.fetch || !window.URLSearchParams || !window.FormData || !FormData.prototype.forEach) {
    return;
  }
  var busy = false;

  function part(name) {
    return region.querySelector("[data-" + name + "]");
  }

  function setBusy(on) {
    busy = on;
    region.setAttribute("aria-busy", String(on));
    page.documentElement.classList.toggle("is-busy", on);
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

  function sendPlainly(form, submitter) {
    if (submitter && submitter.name) {
      var hidden = page.createElement("input");
      hidden.type = "hidden";
      hidden.name = submitter.name;
      hidden.value = submitter.value;
      form.appendChild(hidden);
    }
    HTMLFormElement.prototype.submit.call(form);
  }

  function showAnswer(html, focus) {
    region.innerHTML = html;
    var answer = region.querySelector("[data-announce]");
    page.title = answer.getAttribute("data-title");
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
    part("form").innerHTML = fresh.querySelector("[data-form]").innerHTML;
    count();
    var field = page.getElementById("question");
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  // So that coming back from a transcript shows the answer again, and not an empty page.
  function remember(html) {
    try {
      history.replaceState({ answer: html }, "");
    } catch (tooLarge) {
      history.replaceState(null, "");
    }
  }

  function cameBack() {
    var entries = window.performance && performance.getEntriesByType && performance.getEntriesByType("navigation");
    return Boolean(entries && entries[0] && entries[0].type === "back_forward");
  }

  function count() {
    var field = page.getElementById("question");
    var counter = region.querySelector("[data-counter]");
    if (!field || !counter) {
      return;
    }
    var left = 300 - Array.from(field.value.trim()).length;
    counter.hidden = left > 100;
    counter.classList.toggle("is-over", left < 0);
    counter.textContent = counter.getAttribute(left < 0 ? "data-over" : "data-left").replace("{n}", Math.abs(left));
  }

  page.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-ask")) {
      return;
    }
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
        if (response.status !== 200 && response.status !== 422) {
          throw new Error(String(response.status));
        }
        return response.text().then(function (html) {
          setBusy(false);
          if (response.status === 200) {
            showAnswer(html, true);
            remember(html);
          } else {
            showError(html);
          }
        });
      })
      .catch(function () {
        setBusy(false);
        sendPlainly(form, submitter);
      });
  });

  region.addEventListener("input", count);
  if (history.state && history.state.answer && cameBack()) {
    showAnswer(history.state.answer, false);
  }
  count();
})();
