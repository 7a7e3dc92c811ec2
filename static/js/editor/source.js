// What foreign HTML says, read without anything in it having an effect.
//
// The text is changed before it is parsed: under a policy without inline styles the browser empties `style` while it
// parses, and complains of each; renamed it can be read.

// Inert: nothing in it is run, fetched or styled.
export function parsed(html) {
  const text = html
    .replace(/<!--[^]*?-->/g, "")
    .replace(/<[!?][^>]*>/g, "")
    // Even in a document that nobody sees, a base asks the policy.
    .replace(/<\/?(base|meta|link)\b[^>]*>/gi, "")
    .replace(/<(script|style|xml|title)\b[^]*?(<\/\1\s*>|$)/gi, "")
    .replace(/<([a-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>/gi, (tag, name, rest) =>
      `<${name}${rest.replace(/([\s"'/])(style|srcdoc|background|on\w+)(?=\s*=)/gi, "$1data-$2")}>`);
  return new DOMParser().parseFromString(text, "text/html").body;
}

export function styles(element) {
  const found = {};
  for (const rule of (element.getAttribute("data-style") ?? "").split(";")) {
    const at = rule.indexOf(":");
    if (at > 0) found[rule.slice(0, at).trim().toLowerCase()] = rule.slice(at + 1).trim().toLowerCase();
  }
  return found;
}

// Where a link may lead; null for marks inside a document, scripts and files. Detours that count clicks are cut short.
export function address(href) {
  const text = (href ?? "").replace(/[\u0000-\u0020]+/g, (space) => (/^ +$/.test(space) ? "%20" : "")).replace(/^(%20)+|(%20)+$/g, "");
  if (/^\/(?!\/)/.test(text)) return text;
  if (/^(mailto|tel):./i.test(text)) return text;
  if (!/^https?:\/\/./i.test(text)) return null;
  let url;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  const detour = /^(www\.)?google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url"
    ? url.searchParams.get("q") ?? url.searchParams.get("url")
    : /\.safelinks\.protection\.outlook\.com$/.test(url.hostname) ? url.searchParams.get("url") : null;
  return detour && detour !== text ? address(detour) : text;
}

// A picture of ours, by its path; null for any other.
export function ours(src) {
  try {
    const url = new URL(src, location.href);
    return url.origin === location.origin && url.pathname.startsWith("/media/") ? url.pathname : null;
  } catch {
    return null;
  }
}
