// Text kept in this browser's storage while the server cannot be reached. One copy for a person and a form; the copy
// goes when the server has the text.

const PREFIX = "autosave:";
const FORGOTTEN = 30 * 24 * 60 * 60 * 1000;

export class Copy {
  constructor(user, form) {
    this.name = `${PREFIX}${user}:${form}`;
  }

  // False when the storage is full or forbidden.
  keep(text) {
    try {
      localStorage.setItem(this.name, JSON.stringify({ ...text, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  kept() {
    return read(this.name);
  }

  // The form went to the server by hand; if it arrived, the next page has another version.
  sent() {
    const kept = this.kept();
    if (kept) localStorage.setItem(this.name, JSON.stringify({ ...kept, sent: true }));
  }

  drop() {
    try {
      localStorage.removeItem(this.name);
    } catch {
      // Then there is nothing to remove.
    }
  }
}

// Every copy of this person whose form begins like this, as pairs of the rest of its name and the text.
export function copies(user, form) {
  const prefix = `${PREFIX}${user}:${form}`;
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(prefix))
      .map((name) => [name.slice(prefix.length), read(name)])
      .filter(([, text]) => text);
  } catch {
    return [];
  }
}

function read(name) {
  try {
    const text = JSON.parse(localStorage.getItem(name));
    if (text && Date.now() - text.at < FORGOTTEN) return text;
    localStorage.removeItem(name);
  } catch {
    // Unreadable is as good as not there.
  }
  return undefined;
}
