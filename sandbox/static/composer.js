// The composer: Enter sends, a slash completes commands, a file waits until it is sent.
"use strict";

const isComposer = (element) => element?.matches?.("[data-composer] textarea");
const listOf = (area) => document.getElementById(`${area.form.id}-commands`);
const shown = (list) => [...list.querySelectorAll("[data-command]:not([hidden])")];

function complete(area) {
  const list = listOf(area);
  if (!list) return;
  const typed = area.value;
  const isCommand = typed.startsWith("/") && !/\s/.test(typed);
  for (const option of list.querySelectorAll("[data-command]")) {
    option.hidden = !isCommand || !option.dataset.command.startsWith(typed);
  }
  choose(area, 0);
  show(area, isCommand && shown(list).length > 0);
}

function show(area, isShown) {
  listOf(area).hidden = !isShown;
  area.setAttribute("aria-expanded", String(isShown));
  if (!isShown) area.removeAttribute("aria-activedescendant");
}

function choose(area, position) {
  const options = shown(listOf(area));
  options.forEach((option, at) => option.setAttribute("aria-selected", String(at === position)));
  if (options[position]) area.setAttribute("aria-activedescendant", options[position].id);
}

function take(area, option) {
  area.value = `${option.dataset.command} `;
  show(area, false);
  area.focus();
}

function moveInList(area, key) {
  const options = shown(listOf(area));
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = key === "ArrowDown" ? 1 : -1;
  choose(area, (at + step + options.length) % options.length);
}

function keyInList(event, area) {
  const chosen = listOf(area).querySelector('[aria-selected="true"]:not([hidden])');
  if (event.key === "ArrowDown" || event.key === "ArrowUp") moveInList(area, event.key);
  else if (event.key === "Escape") show(area, false);
  else if (event.key === "Tab" || (event.key === "Enter" && chosen.dataset.command !== area.value)) take(area, chosen);
  else return false;
  event.preventDefault();
  return true;
}

document.addEventListener("input", (event) => isComposer(event.target) && complete(event.target));

document.addEventListener("keydown", (event) => {
  const area = event.target;
  if (!isComposer(area) || event.isComposing) return;
  const list = listOf(area);
  if (list && !list.hidden && keyInList(event, area)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (area.value.trim() || area.form.file?.files.length) area.form.requestSubmit();
  }
}, true);

document.addEventListener("click", (event) => {
  const option = event.target.closest?.("[data-command]");
  if (option) take(option.closest("form").querySelector("textarea"), option);
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches?.("[data-composer]") && listOf(event.target.text)) show(event.target.text, false);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target;
  if (!form.matches?.("[data-composer]") || !event.detail.successful) return;
  form.text.value = ""; // what was refused stays to be put right
  form.text.style.height = "";
  if (form.file) detach(form);
  if (form.reply_broadcast) form.reply_broadcast.checked = false;
  form.text.focus();
});

// --- Files -------------------------------------------------------------------------------------

function sizeOf({ size }) {
  if (size < 1000) return `${size} bytes`;
  return size < 999_500 ? `${Math.round(size / 1000)} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
}

function showAttached(form) {
  const file = form.file.files[0];
  const shown = document.getElementById(`${form.id}-attached`);
  shown.hidden = !file;
  shown.querySelector(".file-name").textContent = file?.name ?? "";
  shown.querySelector(".file-size").textContent = file ? sizeOf(file) : "";
}

function detach(form) {
  form.file.value = "";
  showAttached(form);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-composer]");
  if (!form || event.target !== form.file) return;
  showAttached(form);
  form.text.focus();
});

document.addEventListener("click", (event) => {
  const form = event.target.closest?.("[data-detach]")?.closest("form");
  if (!form) return;
  detach(form);
  form.text.focus();
});

const takesFiles = (event) =>
  event.dataTransfer?.types.includes("Files") && document.querySelector("#composer [name=file]")?.form;

// Dropped anywhere on the page: else the browser would leave it and open the file.
document.addEventListener("dragover", (event) => takesFiles(event) && event.preventDefault());
document.addEventListener("drop", (event) => {
  const form = takesFiles(event);
  if (!form) return;
  event.preventDefault();
  const first = new DataTransfer();
  first.items.add(event.dataTransfer.files[0]);
  form.file.files = first.files;
  showAttached(form);
});
