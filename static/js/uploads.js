// Several pictures for the library, sent one after the other with a bar for each; also dropped onto the form. A file
// that is refused says why and stops no other. Without this the form sends them all at once.

import { made } from "./making.js";
import { upload } from "./shelf.js";

for (const form of document.querySelectorAll("form[data-uploads]")) {
  const field = form.querySelector("input[type=file]");
  const list = form.querySelector(".sending");
  const button = form.querySelector("button");
  let busy = 0;

  for (const words of form.querySelectorAll(".with-script")) words.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send([...field.files]);
    field.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    send([...event.dataTransfer.files]);
  });
  // Leaving would lose what is still on its way.
  window.addEventListener("beforeunload", (event) => busy && event.preventDefault());

  async function send(files) {
    const rows = files.map((file) => [file, row(file.name)]);
    list.hidden = false;
    busy += files.length;
    button.disabled = true;
    for (const [file, line] of rows) {
      await one(form.action, file, line);
      busy -= 1;
    }
    button.disabled = busy > 0;
  }

  function row(name) {
    const line = document.createElement("li");
    const [title, bar, says] = ["bdi", "progress", "span"].map((tag) => document.createElement(tag));
    title.textContent = name;
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", name);
    says.className = "says";
    says.textContent = "Waiting";
    line.append(title, bar, says);
    list.append(line);
    return line;
  }
}

async function one(address, file, line) {
  const [bar, says] = [line.querySelector("progress"), line.querySelector(".says")];
  const show = (part) => {
    bar.value = part;
    says.textContent = part < 1 ? `${Math.round(part * 100)} %` : "Being read";
  };
  const stored = await upload(address, file, show).catch((error) => {
    line.classList.add("failed");
    says.textContent = error.message;
  });
  if (!stored) return;
  const link = document.createElement("a");
  link.href = stored.page;
  link.textContent = "Describe it";
  says.textContent = stored.duplicate ? "In the library already. " : "Uploaded; its sizes are being made. ";
  says.append(link);
  line.classList.add("done");
  if (!stored.duplicate) {
    made(stored.page).then((state) => {
      says.firstChild.data = state === "ready" ? "Ready. " : "Its sizes could not be made. ";
      line.classList.add(state);
    });
  }
}
