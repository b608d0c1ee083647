// Reads text aloud where the browser has a voice for Chinese. Long speech is cut into sentences, because browsers
// go silent in the middle of a long one. Plain old JavaScript.
(function () {
  "use strict";

  var speech = window.speechSynthesis;
  var ended = null;

  function voice() {
    var found = null;
    ((speech && window.SpeechSynthesisUtterance && speech.getVoices()) || []).forEach(function (one) {
      if (/^(zh|cmn)\b/i.test(one.lang.replace("_", "-")) && (!found || (one.localService && !found.localService))) {
        found = one;
      }
    });
    return found;
  }

  function stop() {
    if (ended) {
      var end = ended;
      ended = null;
      speech.cancel();
      end();
    }
  }

  // Reads the texts one after the other; calls `end` once, when all is read, stopped or failed.
  function read(texts, end) {
    var chosen = voice();
    var left = [];
    texts.forEach(function (text) {
      Array.prototype.push.apply(left, text.replace(/\s+/g, " ").match(/[^。！？；]{1,80}[。！？；]?/g) || []);
    });
    stop();
    if (!chosen) {
      end();
      return;
    }
    ended = end;
    (function next() {
      if (ended !== end) {
        return;
      }
      if (!left.length) {
        stop();
        return;
      }
      var utterance = new SpeechSynthesisUtterance(left.shift());
      utterance.voice = chosen;
      utterance.lang = chosen.lang;
      utterance.rate = 0.9;
      utterance.onend = next;
      utterance.onerror = function () {
        if (ended === end) {
          stop();
        }
      };
      speech.speak(utterance);
    })();
  }

  window.minshengSpeech = {
    available: function () {
      return Boolean(voice());
    },
    reading: function () {
      return ended !== null;
    },
    read: read,
    stop: stop,
    // Voices arrive late in some browsers.
    whenVoices: function (act) {
      if (speech) {
        speech.onvoiceschanged = act;
      }
    },
  };
})();
