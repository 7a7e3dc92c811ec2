// Beside the article form: how long the text is, and what is missing, while one types. What only the server knows
// (links, what the section requires) comes with each autosave.

const INLINE = /<\/?(?:a|b|code|em|i|s|small|span|strong|sub|sup)\b[^>]*>/gi;

for (const list of document.querySelectorAll("[data-checklist]")) judge(list, list.closest("form"));

function judge(list, form) {
  const value = (name) => form.elements[name]?.value.trim() ?? "";
  const hasPicture = () => {
    const { picture, picture_id: kept, remove_picture: removed } = form.elements;
    return Boolean(picture?.files.length || (kept?.value && !removed?.checked));
  };
  const rules = {
    headline() {
      const letters = [...value("headline")].length;
      if (letters <= 90) return [letters > 0, letters ? `${letters} letters` : ""];
      return [false, `${letters} letters; more than 90 are cut in many places`];
    },
    standfirst: () => [value("standfirst") !== ""],
    section: () => [value("section") !== ""],
    tags: () => [/[^\s,]/.test(value("tags"))],
    related: () => [value("related") !== ""],
    picture_alt: () => (hasPicture() ? [isPassed("picture_alt") || value("picture_alt") !== ""] : [true, "no picture"]),
  };
  const line = (name) => list.querySelector(`[data-check="${name}"]`);
  // Decoration needs no words, and only the server knows it.
  let decoration = false;
  const isPassed = (name) => name === "picture_alt" && decoration;

  form.addEventListener("input", () => {
    for (const [name, rule] of Object.entries(rules)) {
      const [passed, note = ""] = rule();
      show(line(name), passed, note);
    }
    measure(form);
  });
  form.addEventListener("autosave:saved", ({ detail }) => {
    for (const { name, passed, note, required } of detail.checks) {
      const item = line(name);
      if (!item) continue;
      item.toggleAttribute("data-required", required);
      item.querySelector(".required-here").hidden = !required;
      if (name === "picture_alt") decoration = passed && value("picture_alt") === "" && hasPicture() && !form.elements.picture?.files.length;
      // Typed since: the browser knows better.
      if (!(name in rules)) show(item, passed, note);
    }
  });
}

function show(item, passed, note) {
  if (!item) return;
  item.className = passed ? "passed" : "missing";
  item.querySelector("[data-state]").textContent = passed ? "Done:" : "Missing:";
  item.querySelector("[data-note]").textContent = note;
}

// As the server counts: what holds a letter or a digit is a word.
function measure(form) {
  const place = form.querySelector("[data-length]");
  if (!place) return;
  const text = form.elements.body.value.replace(INLINE, "").replace(/<[^>]*>/g, " ").replace(/&nbsp;|&#160;/g, " ");
  const words = text.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  place.querySelector("[data-words]").textContent = words;
  place.querySelector("[data-minutes]").textContent = Math.max(1, Math.ceil(words / Number(place.dataset.speed)));
}
