// Lists that are put into order by dragging or with the keyboard, and the board's forms sent without a jump of the
// page. Everything here can be done with the buttons of the page too.
//
//   data-list="placing"    an item may go into any list of the same kind; each child has data-id and data-name
//   data-action="/path"    where a new order is sent, with data-version and data-block
//   data-renumber="name"   instead: fields whose name begins so are numbered anew, and their form saves them

const EDGE = 70; // pixels from the edge of the window at which it scrolls
const main = document.querySelector("#content");
const live = document.createElement("p");
live.className = "visually-hidden";
live.setAttribute("role", "status");
document.body.append(live);

let moved = null; // { item, from, next, byKey }
let busy = false;

arrange();

function arrange() {
  for (const item of document.querySelectorAll("[data-list] > [data-id]")) handle(item);
}

function handle(item) {
  const kind = item.parentElement.dataset.list;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "handle";
  button.id = `${kind}-${item.dataset.id}-handle`;
  button.setAttribute("aria-label", `Move ${item.dataset.name}: drag, or press Space and then the arrow keys`);
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || busy) return;
    event.preventDefault();
    button.focus({ preventScroll: true });
    if (moved) drop();
    take(item, false);
    const drag = (to) => {
      if (to.clientY < EDGE) scrollBy(0, -12);
      if (to.clientY > innerHeight - EDGE) scrollBy(0, 12);
      follow(to.clientY);
    };
    const end = (last) => {
      document.removeEventListener("pointermove", drag);
      document.removeEventListener("pointerup", end);
      document.removeEventListener("pointercancel", end);
      if (moved) last.type === "pointerup" ? drop() : putBack();
    };
    document.addEventListener("pointermove", drag);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  });
  button.addEventListener("keydown", (event) => {
    const held = moved?.item === item && moved.byKey;
    if (event.key === " " || event.key === "Enter") held ? drop() : busy || take(item, true);
    else if (event.key === "ArrowUp" && held) step(item, -1);
    else if (event.key === "ArrowDown" && held) step(item, 1);
    else if (event.key === "Escape" && held) putBack();
    else return;
    event.preventDefault();
  });
  (item.querySelector(":scope > .board-head") ?? item).prepend(button);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && moved && !moved.byKey) putBack();
});

function take(item, byKey) {
  moved = { item, from: item.parentElement, next: item.nextElementSibling, byKey };
  item.classList.add("moving");
  document.body.classList.add(`arranging-${item.parentElement.dataset.list}`);
  if (byKey) live.textContent = `${item.dataset.name} is taken. Arrow keys move it, Space lets it go, Escape puts it back.`;
}

function lists() {
  return [...document.querySelectorAll(`[data-list="${moved.from.dataset.list}"]`)];
}

function items(list) {
  return [...list.children].filter((child) => child.dataset.id && child !== moved.item);
}

// To where the pointer is: into the nearest list, before the first item whose middle lies below.
function follow(y) {
  const distance = (list) => {
    const { top, bottom } = list.getBoundingClientRect();
    return Math.max(top - y, y - bottom, 0);
  };
  const list = lists().reduce((near, other) => (distance(other) < distance(near) ? other : near));
  const middle = ({ top, height }) => top + height / 2;
  const before = items(list).find((other) => y < middle(other.getBoundingClientRect())) ?? null;
  if (moved.item.parentElement !== list || moved.item.nextElementSibling !== before) list.insertBefore(moved.item, before);
}

// One place on with a key; over the end of a list into the next one.
function step(item, way) {
  const all = lists();
  const list = item.parentElement;
  const other = way < 0 ? item.previousElementSibling : item.nextElementSibling;
  const neighbour = all[all.indexOf(list) + way];
  if (other) list.insertBefore(item, way < 0 ? other : other.nextElementSibling);
  else if (neighbour) neighbour.insertBefore(item, way < 0 ? null : neighbour.firstElementChild);
  item.querySelector(".handle").focus();
  item.scrollIntoView({ block: "nearest" });
  const now = item.parentElement;
  const block = now.closest("[data-name]")?.dataset.name;
  live.textContent = `Place ${[...now.children].indexOf(item) + 1} of ${now.children.length}${block ? ` in ${block}` : ""}.`;
}

function loose() {
  const { item, from } = moved;
  item.classList.remove("moving");
  document.body.classList.remove(`arranging-${from.dataset.list}`);
}

function putBack() {
  const { item, from, next } = moved;
  from.insertBefore(item, next);
  loose();
  moved = null;
  item.querySelector(".handle").focus();
  live.textContent = "Put back.";
}

function drop() {
  const { item, from, next } = moved;
  const list = item.parentElement;
  loose();
  moved = null;
  if (list === from && item.nextElementSibling === next) return;
  if (!list.dataset.action) {
    renumber(list);
    return;
  }
  const before = item.nextElementSibling?.dataset.id ?? "";
  const order = new URLSearchParams({ id: item.dataset.id, before, version: list.dataset.version });
  if (list.dataset.block) order.set("block", list.dataset.block);
  send(list.dataset.action, order, item.querySelector(".handle").id);
}

function renumber(list) {
  const fields = list.querySelectorAll(`input[name^="${list.dataset.renumber}"]`);
  fields.forEach((field, at) => { field.value = at + 1; });
  fields[0]?.dispatchEvent(new Event("input", { bubbles: true }));
  live.textContent = "The order is saved with the form.";
}

// The board's own forms; what comes back is the whole page, and its content takes the place of the old.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || !document.querySelector(".board[data-action]") || !main.contains(form)) return;
  event.preventDefault();
  if (busy) return;
  const body = new URLSearchParams(new FormData(form));
  if (event.submitter?.name) body.append(event.submitter.name, event.submitter.value);
  send(form.action, body, event.submitter?.id);
});

async function send(address, body, focus) {
  busy = true;
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#content");
    // Logged out meanwhile, or an error page: the browser shall show it itself.
    if (!page.querySelector(".board[data-action]")) location.assign(answer.redirected ? answer.url : location.href);
    else main.replaceChildren(...fresh.childNodes);
    arrange();
    document.dispatchEvent(new Event("desk:drawn"));
    const target = main.querySelector('[role="alert"]') ? null : document.getElementById(focus ?? "");
    const kept = target?.disabled ? target.parentElement.querySelector("button:enabled") : target;
    if (kept) kept.focus();
    else main.focus();
    live.textContent = main.querySelector('[role="alert"], .notice')?.textContent ?? "";
  } catch {
    live.textContent = "";
    sayOffline();
  } finally {
    busy = false;
    main.removeAttribute("aria-busy");
  }
}

function sayOffline() {
  const notice = document.createElement("p");
  notice.className = "notice danger";
  notice.setAttribute("role", "alert");
  notice.textContent = "The server does not answer: nothing was saved. Load the page again when it does.";
  main.prepend(notice);
}
