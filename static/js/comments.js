// The queue of comments: tick all, say how many are ticked, and keys while the focus is in the list (only there, so
// that no key of a screen reader or of speech does anything by accident).

const list = document.getElementById("queue");
if (list) {
  const rows = [...list.children];
  const boxes = rows.map((row) => row.querySelector("input[name=id]"));
  const all = document.getElementById("all");
  const count = document.querySelector(".bulk-count");

  all.closest("label").hidden = false;
  document.querySelector(".keys").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    say();
  });
  list.addEventListener("change", say);
  list.addEventListener("keydown", press);
  say();

  function say() {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    count.textContent = ticked ? `${ticked} ticked` : "";
  }

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, input:not([type=checkbox])")) return;
    const at = rows.findIndex((row) => row.contains(event.target));
    const acts = {
      j: () => boxes[at + 1]?.focus(),
      k: () => boxes[at - 1]?.focus(),
      x: () => { boxes[at].checked = !boxes[at].checked; say(); },
      a: () => move(at, "approved"),
      r: () => move(at, "rejected"),
      s: () => move(at, "spam"),
    };
    const act = Object.hasOwn(acts, event.key) ? acts[event.key] : null;
    if (!act || at < 0) return;
    event.preventDefault();
    act();
  }

  function move(at, state) {
    rows[at].querySelector(`button[name=state][value=${state}]`)?.click();
  }
}
