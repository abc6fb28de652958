// The control API from the page's side: read what changed, wish for acts, and say what was refused.

const ROOT = "/sandbox/api";
let complain = () => {};

export function onRefusal(tell) {
  complain = tell;
}

export async function get(path) {
  const answer = await fetch(`${ROOT}/${path}`);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

// A POST of JSON, or of a form when there are files; a refusal is shown and gives null.
export async function post(path, body, files = []) {
  const request = { method: "POST", headers: { "X-Sandbox": "1" } };
  if (files.length) {
    request.body = new FormData();
    request.body.append("wish", JSON.stringify(body));
    for (const file of files) request.body.append("file", file, file.name);
  } else {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  try {
    const answer = await fetch(`${ROOT}/${path}`, request);
    const result = await answer.json();
    if (answer.ok) return result;
    complain(result.error);
  } catch (fault) {
    complain(String(fault.message || fault));
  }
  return null;
}

// An element with properties, data and children in one go.
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}
