// The page of an import that runs, shown anew every two seconds without losing the reader's place.

const EVERY = 2000;

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#import");
    const shown = document.querySelector("#import");
    if (!fresh || !shown) return;
    if (!("running" in fresh.dataset)) {
      location.reload();
      return;
    }
    const now = fresh.querySelector("progress");
    const bar = shown.querySelector("progress");
    if (now && bar) bar.value = now.value;
  } catch {
    // The site is away for a moment; the next look may find it.
  }
  setTimeout(look, EVERY);
}

if (document.querySelector("#import[data-running]")) setTimeout(look, EVERY);
