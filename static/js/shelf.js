// Pictures to and from the library of the desk: for the editor, the picture desk and the article form.

export const ACCEPTED = "image/jpeg,image/png,image/webp,image/gif";

// The stored picture, or a thrown Error that says what is wrong. `progress` is told a share between 0 and 1.
export function upload(source, file, progress = () => {}) {
  return new Promise((resolve, reject) => {
    const fail = (message) => reject(new Error(message));
    const form = new FormData();
    form.append("file", file, file.name || "picture");
    const request = new XMLHttpRequest();
    request.open("POST", source);
    request.setRequestHeader("accept", "application/json");
    request.responseType = "text";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("error", () => fail("The picture could not be sent. Is there a connection?"));
    request.addEventListener("load", () => {
      const answer = told(request);
      if (request.status >= 200 && request.status < 300 && answer?.url) resolve(answer);
      else if (answer?.errors) fail(Object.values(answer.errors).join(" "));
      else if (request.status === 413) fail("The picture is too large.");
      else if (!answer && request.status < 400) fail("You have been logged out. Log in in another tab, then try again.");
      else fail("The picture was not taken.");
    });
    request.send(form);
  });
}

function told(request) {
  if (!/json/.test(request.getResponseHeader("content-type") ?? "")) return null;
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

// `{ items, next }`
export async function library(source, words, after, signal) {
  const address = new URL(source, document.baseURI);
  address.searchParams.set("q", words);
  if (after) address.searchParams.set("before", after);
  const answer = await fetch(address, { signal, headers: { accept: "application/json" } });
  if (!answer.ok || !/json/.test(answer.headers.get("content-type") ?? "")) throw new Error("The library did not answer.");
  return answer.json();
}

export function pictures(data) {
  return [...(data?.files ?? [])].filter((file) => ACCEPTED.includes(file.type) && file.type);
}
