// The page: phones side by side (tabs on a small screen), kept up to date by asking what changed.

import { get, make, onRefusal } from "./api.js";
import { Phone } from "./phone.js";
import { Tools } from "./tools.js";
import { choose, current, dress, word } from "./words.js";
import { Account, showWindow } from "./zalo.js";

const LOOK_MS = 700;
const HIDDEN_MS = 3000;
const SNACK_MS = 5000;
const find = (id) => document.getElementById(id);

const shared = { chats: new Map(), people: new Map(), bot: {}, zalo: null, samples: { files: [], places: [] }, show, look };
let phones = [], tools = null, account = null, since = 0, timer = 0, looking = false, again = false, active = 0;

async function begin() {
  onRefusal(snack);
  const [samples, wanted] = await Promise.all([get("samples"), get("phones")]);
  shared.samples = samples;
  phones = [...wanted.phones, ...asked()].map((id) => new Phone(id, shared));
  find("phones").append(...phones.map((phone) => phone.element));
  tools = new Tools(shared);
  account = new Account(shared);
  for (const button of document.querySelectorAll("[data-language]")) button.addEventListener("click", () => { choose(button.dataset.language); speak(); });
  document.addEventListener("click", (event) => onCommand(event));
  document.addEventListener("visibilitychange", look);
  find("viewer").addEventListener("click", () => find("viewer").close());
  await look();
  speak();
}

// Further chats that the address asks for, ?phone=ID: of people who were made later. Ids of Zalo are long texts.
function asked() {
  const ids = new URLSearchParams(location.search).getAll("phone");
  return ids.map((id) => /^-?\d{1,15}$/.test(id) ? Number(id) : id);
}

// Everything in the chosen language; the bot's messages stay as they are.
function speak() {
  document.documentElement.lang = current();
  dress(document);
  for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", String(button.dataset.language === current()));
  for (const phone of phones) phone.dress();
  tools.dress();
  account.dress();
  showTabs();
  since = 0;
  look();
}

async function look() {
  if (looking) { again = true; return; }
  looking = true;
  clearTimeout(timer);
  try {
    take(await get(`state?since=${since}${phones.flatMap((phone) => phone.chain).map((id) => `&chat=${id}`).join("")}`));
    if (find("snack").dataset.kind === "offline") find("snack").hidden = true;
  } catch {
    snack(word("offline"), "offline");
  }
  looking = false;
  if (again) { again = false; look(); return; }
  timer = setTimeout(look, document.hidden ? HIDDEN_MS : LOOK_MS);
}

function take(state) {
  const first = since === 0;
  const opening = !shared.bot.id;
  const commands = JSON.stringify(shared.bot.commands);
  since = state.version;
  shared.bot = state.bot;
  shared.zalo = state.zalo;
  for (const person of state.people) shared.people.set(person.id, person);
  for (const chat of state.chats) shared.chats.set(chat.id, chat);
  const changed = new Set(state.chats.map((chat) => chat.id));
  const fresh = commands !== JSON.stringify(state.bot.commands);
  for (const phone of phones) {
    // A group that became a supergroup goes on in the new chat; ask for everything once more.
    const next = shared.chats.get(phone.chatId)?.migrated_to;
    if (next && !phone.chain.includes(next)) { phone.chain.push(next); since = 0; again = true; }
    if (fresh || phone.chain.some((id) => changed.has(id))) phone.showChat();
  }
  for (const message of state.messages) phoneOf(message.chat)?.take(message);
  if (!first) for (const toast of state.toasts) phoneOf(toast.chat)?.toast(toast);
  // What was said before the page was opened is no news.
  if (opening) for (const phone of phones) phone.unread = 0;
  for (const phone of phones) if (phone.isZalo) showWindow(phone, state);
  tools.show(state);
  account.show(state);
  showTabs();
}

function phoneOf(chatId) {
  return phones.find((phone) => phone.chain.includes(chatId));
}

function showTabs() {
  const tabs = phones.map((phone, place) => {
    if (place === active) phone.unread = 0;
    const chosen = place === active;
    phone.element.classList.toggle("active", chosen);
    return make("button", { type: "button", role: "tab", id: `tab-${place}`, "aria-selected": String(chosen), "aria-controls": phone.element.id, tabindex: chosen ? 0 : -1,
      onclick: () => open(place), onkeydown: (event) => onTabKey(event, place) },
    phone.isZalo ? make("i", { class: "dot", title: "Zalo" }) : "", make("span", {}, phone.chat?.title ?? ""), phone.unread ? make("b", { class: "count" }, String(phone.unread)) : "");
  });
  const focused = find("tabs").contains(document.activeElement);
  const shown = JSON.stringify([active, current(), phones.map((phone) => [phone.chat?.title, phone.unread])]);
  if (find("tabs").dataset.shown === shown) return;
  find("tabs").dataset.shown = shown;
  find("tabs").replaceChildren(...tabs);
  if (focused) find(`tab-${active}`).focus();
}

function open(place) {
  active = place;
  showTabs();
  phones[place].scrollDown();
  find(`tab-${place}`).scrollIntoView({ inline: "center", block: "nearest" });
}

function onTabKey(event, place) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  open((place + step + phones.length) % phones.length);
  find(`tab-${active}`).focus();
}

// A command in a bubble is sent when tapped, as in the app.
function onCommand(event) {
  const command = event.target.closest("button.command");
  const phone = command && phones.find((each) => each.element.contains(command));
  if (phone) phone.act({ act: "text", text: command.dataset.command });
}

function show(url) {
  find("viewer").querySelector("img").src = url;
  find("viewer").showModal();
}

function snack(words, kind = "refusal") {
  const element = find("snack");
  element.textContent = words;
  element.dataset.kind = kind;
  element.hidden = false;
  if (kind !== "offline") setTimeout(() => { if (element.textContent === words) element.hidden = true; }, SNACK_MS);
}

begin();
