// Answers for the kiosk when the network does not. It keeps the screens and the answers to the questions on offer,
// as the server wrote them, and the files they need; never what anybody wrote. All words come from the document.
"use strict";

const STORE = "kiosk";
const KEPT = "/kiosk/answers.json";
const WORKER = "/kiosk/worker.js";
const START = "/kiosk";
const ASK = "/kiosk/ask";
const PATIENCE = 6000; // milliseconds until the network counts as away
const AWAY = [502, 503, 504];
const SCREEN = /^\/kiosk(\/topics(\/[a-z0-9-]{1,200})?|\/find|\/write)?$/;

async function keep() {
  const response = await fetch(KEPT, { cache: "no-cache", credentials: "omit" });
  if (!response.ok) {
    throw new Error(`no answers: ${response.status}`);
  }
  const text = await response.text();
  const files = JSON.parse(text).files;
  const store = await caches.open(STORE);
  for (const file of files) {
    if (!(await store.match(file))) {
      await store.add(file);
    }
  }
  // Last, so that what is kept is always whole.
  await store.put(KEPT, new Response(text, { headers: { "X-Kept-At": String(Date.now()) } }));
  for (const request of await store.keys()) {
    const url = new URL(request.url);
    if (url.pathname !== KEPT && !files.includes(url.pathname + url.search)) {
      await store.delete(request);
    }
  }
}

function within(milliseconds, promise) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("too slow")), milliseconds);
    promise.then(resolve, reject);
  });
}

function filled(words, values) {
  return words.replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place));
}

function moment(words, milliseconds) {
  const at = new Date(milliseconds);
  const two = (number) => String(number).padStart(2, "0");
  return filled(words, {
    y: at.getFullYear(),
    m: at.getMonth() + 1,
    d: at.getDate(),
    h: two(at.getHours()),
    n: two(at.getMinutes()),
  });
}

// Marks and spaces do not make another question.
function plain(question) {
  return question.normalize("NFKC").replace(/[\s\p{P}]/gu, "");
}

function answerTo(question, kept) {
  const asked = plain(question);
  const known = Object.keys(kept.answers).find((one) => plain(one) === asked);
  return known === undefined ? kept.offline : kept.answers[known];
}

function page(kept, screen, when, back) {
  const banner = filled(kept.banner, { when: moment(kept.when, when) });
  const link = SCREEN.test(back) && back !== START ? filled(kept.back, { path: back }) : "";
  const main = banner + screen.main.replace("<!--back-->", () => link);
  const html = filled(kept.frame, { title: screen.title, main });
  return new Response(html, {
    headers: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" },
  });
}

async function withoutNetwork(path, fields) {
  const store = await caches.open(STORE);
  const found = await store.match(KEPT);
  if (!found) {
    return Response.error();
  }
  const kept = await found.json();
  const when = Number(found.headers.get("X-Kept-At"));
  if (path === ASK && fields) {
    const field = (name) => String(fields.get(name) || "");
    const answer = field("repair") === "0" ? kept.offline : answerTo(field("question"), kept);
    return page(kept, answer, when, field("back"));
  }
  return page(kept, kept.screens[path] || kept.screens[START], when, "");
}

async function screen(request, path) {
  const fields = request.method === "POST" ? request.clone().formData().catch(() => null) : null;
  try {
    const response = await within(PATIENCE, fetch(request));
    if (!AWAY.includes(response.status)) {
      return response;
    }
  } catch (unreachable) {
    return withoutNetwork(path, await fields);
  }
  return withoutNetwork(path, await fields);
}

async function file(request) {
  const store = await caches.open(STORE);
  return (await store.match(request)) || fetch(request);
}

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("message", (event) => {
  if (event.data === "keep") {
    event.waitUntil(keep().catch(() => null)); // what is kept stays
  }
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin || url.pathname === KEPT || url.pathname === WORKER) {
    return;
  }
  if (url.pathname === START || url.pathname.startsWith(`${START}/`)) {
    event.respondWith(screen(event.request, url.pathname));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(file(event.request));
  }
});
