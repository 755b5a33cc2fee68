// Keeps the page live: every change on the server is a revision, every revision draws #app anew,
// and what somebody is in the middle of (typed text, open menus, focus) stays as it is.
"use strict";

const app = () => document.getElementById("app");
const isNarrow = () => matchMedia("(max-width: 760px)").matches;

// --- Drawing anew ------------------------------------------------------------------------------

// Attributes that live in the browser and not on the server.
const OWN = new Set([
  "open", "hidden", "style", "aria-expanded", "aria-selected", "aria-activedescendant",
]);

function keepWhatIsTyped(before, after) {
  if (!(before instanceof HTMLElement) || !(after instanceof HTMLElement)) return true;
  if (before.id && before.id === after.id) {
    if (before.matches("input[type=checkbox], input[type=radio]")) after.checked = before.checked;
    else if (before.matches("input:not([type=hidden], [type=file]), textarea, select")) after.value = before.value;
    if (before.id === "app") after.classList.toggle("drawer-open", before.classList.contains("drawer-open"));
    if (before.id === "clock") after.classList.toggle("is-busy", before.classList.contains("is-busy"));
  }
  return !before.matches("[data-kept]");
}

htmx.defineExtension("keep", {
  isInlineSwap: (style) => style === "keep",
  handleSwap(style, target, fragment) {
    if (style !== "keep") return false;
    const scrolled = scrollers().map((one) => [one.id, one.scrollTop, isAtEnd(one)]);
    Idiomorph.morph(target, fragment.firstElementChild ?? fragment, {
      morphStyle: "outerHTML",
      restoreFocus: true,
      callbacks: {
        beforeNodeMorphed: keepWhatIsTyped,
        beforeAttributeUpdated: (name, element) => !(OWN.has(name) && app()?.contains(element)),
      },
    });
    settle(scrolled);
    return [app()];
  },
});

const scrollers = () => [...document.querySelectorAll(".scroller")];
const isAtEnd = (one) => one.scrollHeight - one.scrollTop - one.clientHeight < 40;

function settle(scrolled) {
  document.title = app().dataset.title;
  for (const one of scrollers()) {
    const [, top, wasAtEnd] = scrolled.find(([id]) => id === one.id) ?? [one.id, 0, true];
    one.scrollTop = wasAtEnd && one.id !== "home-scroller" ? one.scrollHeight : top;
  }
  openModal();
  document.querySelectorAll("textarea").forEach(fitHeight);
  document.querySelectorAll("[data-max]").forEach(countCharacters);
  markRead();
}

// --- Hearing of changes ------------------------------------------------------------------------

function listen() {
  const url = `${app().dataset.events}?seen=${app().dataset.revision}`;
  const stream = new EventSource(url);
  stream.addEventListener("revision", () => htmx.trigger(document.body, "refresh"));
  addEventListener("pagehide", () => stream.close());
}
setInterval(() => htmx.trigger(document.body, "refresh"), 30_000); // the clock runs on

function markRead() {
  const scroller = document.getElementById("scroller");
  if (!scroller || scroller.dataset.unread !== "true") return;
  if (document.visibilityState !== "visible" || !isAtEnd(scroller)) return;
  scroller.dataset.unread = "false";
  post(scroller.dataset.readUrl, { ts: scroller.dataset.last });
}

const post = (url, values) =>
  htmx.ajax("POST", url, { source: document.body, swap: "none", values });

// --- Saying what went wrong --------------------------------------------------------------------

function notify(text) {
  const notice = document.createElement("p");
  notice.className = "notice is-error";
  notice.textContent = text;
  // An open window lies on top of everything else.
  const place = document.querySelector("dialog[open] .modal-body") ?? document.getElementById("notices");
  place.prepend(notice);
  setTimeout(() => notice.remove(), 8000);
}
document.addEventListener("notice", (event) => notify(event.detail.text));
document.addEventListener("htmx:sendError", () => notify("The workspace does not answer. Is the demo still running?"));

// --- Windows -----------------------------------------------------------------------------------

let justSubmitted = false;

function openModal() {
  const modal = document.querySelector("dialog[data-modal]");
  if (!modal) return;
  if (!modal.open) {
    modal.showModal();
    const first = modal.querySelector("[autofocus]")
      ?? (isNarrow() ? modal.querySelector(".modal-body") : modal.querySelector("[data-field]"));
    first?.focus();
  }
  const wrong = modal.querySelector(".has-error");
  if (justSubmitted && wrong) {
    wrong.querySelector("[data-field], summary")?.focus();
    wrong.scrollIntoView({ block: "center" });
  }
  justSubmitted = false;
}

function closeView(modal, every) {
  post(modal.dataset.closeUrl, { every: every ? "all" : "" });
}

document.addEventListener("cancel", (event) => {
  if (!event.target.matches?.("dialog[data-modal]")) return;
  event.preventDefault();
  closeView(event.target, false);
}, true);

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches?.("form[data-view]")) justSubmitted = true;
});

// --- Confirming --------------------------------------------------------------------------------

function ask(confirm) {
  const dialog = document.getElementById("confirm");
  const set = (id, text) => { document.getElementById(id).textContent = text?.text ?? ""; };
  set("confirm-title", confirm.title);
  set("confirm-text", confirm.text);
  set("confirm-do", confirm.confirm);
  set("confirm-deny", confirm.deny);
  document.getElementById("confirm-do").classList.toggle("danger", confirm.style === "danger");
  dialog.returnValue = "deny";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "confirm"), { once: true });
  });
}

document.addEventListener("htmx:confirm", (event) => {
  const confirm = event.target.dataset?.confirm;
  if (!confirm) return;
  event.preventDefault();
  ask(JSON.parse(confirm)).then((agreed) => agreed && event.detail.issueRequest(true));
});

// --- Fields ------------------------------------------------------------------------------------

function valuesOf(field) {
  const surface = field.closest("form, .inline-field, .block-actions, .accessory") ?? document;
  const named = [...surface.querySelectorAll(`[data-key="${field.dataset.key}"]`)];
  const held = named.filter((one) => !["checkbox", "radio"].includes(one.type) || one.checked);
  return held.map((one) => one.value);
}

async function tell(field, event) {
  const inline = field.closest("[data-press-url]");
  const url = inline?.dataset.pressUrl ?? field.closest("form[data-view]")?.dataset.fillUrl;
  if (!url) return;
  if (field.dataset.confirm && !(await ask(JSON.parse(field.dataset.confirm)))) return;
  post(url, { key: field.dataset.key, value: valuesOf(field), event });
}

function countCharacters(field) {
  const counter = document.getElementById(`${field.id}-count`);
  if (!counter) return;
  const left = Number(field.dataset.max) - [...field.value].length;
  counter.textContent = left < 200 ? `${left} characters left` : "";
  counter.classList.toggle("is-over", left < 0);
}

function showPicked(box) {
  const shown = document.getElementById(box.dataset.picks);
  const list = box.closest(".picker-list");
  const picked = [...list.querySelectorAll("input:checked")];
  const most = Number(box.dataset.most || Infinity);
  if (picked.length > most) { box.checked = false; return showPicked(box); }
  shown.replaceChildren(...picked.map((one) => {
    const chip = document.createElement("span");
    chip.className = "chip";
    chip.textContent = one.closest("label").textContent.trim();
    return chip;
  }));
  if (picked.length) return;
  const none = document.createElement("span");
  none.className = "picked-none";
  none.textContent = shown.dataset.placeholder;
  shown.append(none);
}

const pauses = new Map(); // field -> what waits for a pause in typing

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.matches("textarea")) fitHeight(field);
  if (field.matches("[data-max]")) countCharacters(field);
  if (field.matches("[data-filters]")) filter(field);
  if (!field.matches("[data-field]") || !field.dataset.dispatch?.includes("on_character_entered")) return;
  clearTimeout(pauses.get(field));
  pauses.set(field, setTimeout(() => tell(field, "character"), 500));
});

document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches("[data-field]")) return;
  if (field.dataset.picks) showPicked(field);
  if (!pauses.has(field)) tell(field, "change");
});

function fitHeight(area) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}

function filter(search) {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const item of document.getElementById(search.dataset.filters).querySelectorAll("[data-words]")) {
    const text = item.dataset.words.toLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
    found += !item.hidden;
  }
  const none = document.querySelector(`[data-empty-of="${search.dataset.filters}"]`);
  if (none) none.hidden = found > 0;
}

// --- Clicks ------------------------------------------------------------------------------------

const THEMES = { "": "light", light: "dark", dark: "" };

function changeTheme() {
  const theme = THEMES[document.documentElement.dataset.theme ?? ""];
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=strict`;
}

document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest?.(selector);
  const opener = on("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  if (on("[data-closes]") || event.target.matches("dialog[data-light]")) on("dialog").close();
  const closer = on("[data-closes-view]");
  if (closer) closeView(closer.closest("dialog"), closer.dataset.closesView === "all");
  const drawer = on("[data-drawer]");
  if (drawer) setDrawer(drawer.dataset.drawer === "open");
  if (on("[data-theme-toggle]")) changeTheme();
  const link = on("[data-also-press]");
  if (link) post(link.dataset.alsoPress, { key: link.dataset.key });
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target) || on(".menu-item")) menu.open = false;
  }
});

// A menu at the end of what scrolls is drawn below it, where nobody would see it.
document.addEventListener("toggle", (event) => {
  const menu = event.target.matches?.("details[data-menu][open]") && event.target.querySelector(".menu");
  if (menu) menu.scrollIntoView({ block: "nearest" });
}, true);

function setDrawer(isOpen) {
  app().classList.toggle("drawer-open", isOpen);
  document.getElementById(isOpen ? "close-drawer" : "open-drawer")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  const menu = event.target.closest?.("details[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  else if (app().classList.contains("drawer-open")) setDrawer(false);
  else document.querySelector("[data-escape]")?.click();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "clock-moves") document.getElementById("clock").classList.add("is-busy");
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id !== "clock-moves") return;
  document.getElementById("clock").classList.remove("is-busy");
  htmx.trigger(document.body, "refresh");
});

// --- The beginning -----------------------------------------------------------------------------

document.addEventListener("visibilitychange", markRead);
addEventListener("scroll", markRead, true);
addEventListener("DOMContentLoaded", () => {
  document.body.hidden = false; // htmx, told of it first, has begun
  settle([]);
  document.getElementById("new-line")?.scrollIntoView({ block: "center" });
  listen();
});
