// Waits for what the worker makes of a picture, and says when it is there. Without a script a reload does.

const PAUSE = 1500;
const WORDS = { ready: "Its sizes are ready.", failed: "Its sizes could not be made. Load this page again." };

export async function made(address) {
  for (;;) {
    await new Promise((resume) => setTimeout(resume, PAUSE));
    const answer = await fetch(address, { headers: { accept: "application/json" } }).catch(() => null);
    if (answer && !answer.ok) return "failed";
    const state = answer && (await answer.json())?.state;
    if (state && state !== "waiting") return state;
  }
}

for (const notice of document.querySelectorAll("[data-making]")) {
  made(notice.dataset.making).then((state) => {
    notice.textContent = WORDS[state];
    notice.classList.toggle("danger", state === "failed");
  });
}
