// Forms marked data-guard: asks before typed text is left behind, sends nothing twice, and nothing to a login page,
// for a session may have ended while somebody wrote.

// A third of the time after which the server ends a session that nobody uses.
const AWAKE = 20 * 60 * 1000;

for (const form of document.querySelectorAll("form[data-guard]")) guard(form);

function guard(form) {
  let changed = form.hasAttribute("data-changed");
  // Then "asking" whether the server still knows us, then "sending".
  let state = "writing";
  form.addEventListener("input", () => { changed = true; });
  // What the server keeps may be left: the form shows it again.
  form.addEventListener("autosave:saved", ({ detail }) => { changed = !detail.isWhole; });
  form.addEventListener("submit", (event) => {
    if (state === "admitted") {
      state = "sending";
      return;
    }
    event.preventDefault();
    if (state !== "writing") return;
    state = "asking";
    form.setAttribute("aria-busy", "true");
    isAdmitted().then((admitted) => {
      state = admitted ? "admitted" : "writing";
      if (admitted) {
        form.requestSubmit(event.submitter);
      } else {
        form.removeAttribute("aria-busy");
        sayLoggedOut(form);
      }
    });
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed && state !== "sending") event.preventDefault();
  });
  setInterval(() => { if (changed) isAdmitted(); }, AWAKE);
  // The browser may bring the page back as it was, in the middle of sending.
  window.addEventListener("pageshow", () => {
    state = "writing";
    form.removeAttribute("aria-busy");
  });
}

// Whether this page would still be shown; asking also keeps the session awake. Without an answer the browser shall
// try, and say itself what is wrong.
async function isAdmitted() {
  try {
    const answer = await fetch(location.href, { method: "HEAD", redirect: "manual", cache: "no-store" });
    return answer.type !== "opaqueredirect";
  } catch {
    return true;
  }
}

function sayLoggedOut(form) {
  form.querySelector(".logged-out")?.remove();
  const link = document.createElement("a");
  link.href = "/desk/login";
  link.target = "_blank";
  link.textContent = "Log in in another tab";
  const notice = document.createElement("p");
  notice.className = "notice danger logged-out";
  notice.setAttribute("role", "alert");
  notice.append("You have been logged out. ", link, ", then press the button here again: nothing is lost.");
  form.prepend(notice);
  notice.scrollIntoView({ block: "center" });
}
