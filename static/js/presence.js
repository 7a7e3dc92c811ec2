// An element marked data-presence: says every half minute that this tab has the article open, and shows who else has.

const EVERY = 30 * 1000;

for (const list of document.querySelectorAll("[data-presence]")) stay(list);

function stay(list) {
  const address = list.dataset.presence;
  const tab = nameOfTab();

  async function sign() {
    try {
      const body = new URLSearchParams({ tab });
      const answer = await fetch(address, { method: "POST", body, redirect: "manual" });
      if (answer.ok) show(list, await answer.json());
    } catch {
      // Offline: the next sign will do.
    }
  }

  sign();
  setInterval(sign, EVERY);
  window.addEventListener("pagehide", () => {
    navigator.sendBeacon(address, new URLSearchParams({ tab, left: "yes" }));
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) sign(); });
}

function show(list, others) {
  const lines = others.map(({ name, since }) => {
    const who = document.createElement("bdi");
    who.textContent = name;
    const line = document.createElement("p");
    line.className = "notice warn";
    line.append(who, ` has had this open since ${since}.`);
    return line;
  });
  // What has not changed is not read aloud again.
  const text = (nodes) => [...nodes].map((node) => node.textContent).join("\n");
  if (text(list.children) !== text(lines)) list.replaceChildren(...lines);
}

// The same after the page is loaded again.
function nameOfTab() {
  try {
    const name = sessionStorage.getItem("tab") ?? crypto.randomUUID();
    sessionStorage.setItem("tab", name);
    return name;
  } catch {
    return crypto.randomUUID();
  }
}
