// A small form over the page. It stands outside the article's form, so that nothing of it is sent with the article.

export const element = (name, properties = {}, ...inside) => {
  const { dataset, ...others } = properties;
  const made = Object.assign(document.createElement(name), others);
  Object.assign(made.dataset, dataset ?? {});
  made.append(...inside.filter((part) => part !== null));
  return made;
};

let number = 0;

// A labelled field; `error` shows or takes away what is wrong with it.
export function field(label, control, hint = "") {
  number += 1;
  control.id ||= `editor-field-${number}`;
  const wrong = element("span", { className: "error", id: `${control.id}-error`, hidden: true });
  const box = element("div", { className: "field" }, element("label", { htmlFor: control.id, textContent: label }), control);
  const described = [];
  if (hint) {
    box.append(element("span", { className: "hint", id: `${control.id}-hint`, textContent: hint }));
    described.push(`${control.id}-hint`);
  }
  box.append(wrong);
  const describe = (more) => control.setAttribute("aria-describedby", [...more, ...described].join(" "));
  if (hint) describe([]);
  return {
    box,
    control,
    error(message) {
      wrong.textContent = message;
      wrong.hidden = !message;
      control.setAttribute("aria-invalid", String(Boolean(message)));
      describe(message ? [wrong.id] : []);
      if (message) control.focus();
    },
  };
}

export function check(label, checked = false) {
  number += 1;
  const box = element("input", { type: "checkbox", checked, id: `editor-field-${number}` });
  return { box: element("label", { className: "check", htmlFor: box.id }, box, ` ${label}`), control: box };
}

// Opens it; `accept` returns false while something is wrong. `other` is a third button: `[label, act]`.
export function dialog(title, parts, { accept, done = "Insert", other = null, closed = () => {} }) {
  number += 1;
  const heading = element("h2", { textContent: title, id: `editor-dialog-${number}` });
  const submit = element("button", { className: "primary", textContent: done });
  const cancel = element("button", { type: "button", textContent: "Cancel" });
  const buttons = element("div", { className: "actions" }, submit, cancel);
  const form = element("form", { noValidate: true, method: "dialog" }, heading, ...parts, buttons);
  const box = element("dialog", { className: "editor-dialog" }, form);
  box.setAttribute("aria-labelledby", heading.id);
  if (other) {
    const third = element("button", { type: "button", className: "danger spread", textContent: other[0] });
    third.addEventListener("click", () => {
      box.close();
      other[1]();
    });
    buttons.append(third);
  }
  cancel.addEventListener("click", () => box.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit.ariaDisabled !== "true" && accept() !== false) box.close();
  });
  box.addEventListener("close", () => {
    box.remove();
    closed();
  });
  document.body.append(box);
  box.showModal();
  return { box, submit };
}
