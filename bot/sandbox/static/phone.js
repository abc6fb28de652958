// One phone: a chat seen and used by one person, kept up to date without building it anew.
// What a phone with Zalo has of its own is in zalo.js.

import { make, post } from "./api.js";
import { attachments } from "./attach.js";
import { bubble, colour } from "./bubbles.js";
import { day, word } from "./words.js";
import * as zalo from "./zalo.js";

const PRESENT = ["member", "administrator", "creator"];
const TOAST_MS = 3500;
const BUSY_MS = 8000;
const TYPING_MS = 5000;

export class Phone {
  // `shared` is the page's common ground: state of chats and people, samples, the picture viewer.
  constructor(chatId, shared) {
    this.chain = [chatId];
    this.isZalo = zalo.isZalo(chatId);
    this.shared = shared;
    this.messages = new Map();
    this.blocks = new Map();
    this.person = null;
    this.replyTo = null;
    this.topic = "all";
    this.unread = 0;
    this.pressed = new Map();
    this.build();
  }

  get chatId() { return this.chain[this.chain.length - 1]; }
  get chat() { return this.shared.chats.get(this.chatId); }
  get isGroup() { return this.isZalo ? zalo.isGroup(this.chain[0]) : this.chain[0] < 0; }

  build() {
    this.avatar = make("span", { class: "avatar", "aria-hidden": "true" });
    this.title = make("h2", {});
    this.subtitle = make("p", { class: "subtitle" });
    this.as = make("select", { class: "as", onchange: () => { this.person = this.isZalo ? this.as.value : Number(this.as.value); this.redraw(); } });
    this.asLabel = make("label", { class: "as-label", hidden: !this.isGroup }, make("span", {}), this.as);
    this.topics = make("select", { class: "topics", hidden: true, onchange: () => { this.topic = this.topics.value; this.redraw(); } });
    this.log = make("div", { class: "log", role: "log", "aria-live": "polite", tabindex: 0 });
    this.log.addEventListener("scroll", () => this.onScroll());
    this.newest = make("button", { type: "button", class: "newest", hidden: true, onclick: () => this.scrollDown() }, "↓");
    this.toasts = make("div", { class: "toasts", role: "status" });
    this.foot = make("div", { class: "foot-area" });
    this.buildComposer();
    this.window = make("p", { class: "window", hidden: true });
    this.element = make("section", { class: `phone${this.isZalo ? " zalo" : ""}`, id: `phone-${String(this.chain[0]).replace("-", "")}` },
      make("header", {}, this.avatar, make("div", { class: "who" }, this.title, this.subtitle), this.asLabel), this.topics, this.window,
      make("div", { class: "screen" }, this.log, this.newest, this.toasts), this.foot);
  }

  buildComposer() {
    this.input = make("textarea", { rows: 1, maxLength: 100000 });
    this.input.addEventListener("input", () => this.grow());
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.sendText(); }
      if (event.key === "Escape") this.reply(null);
    });
    this.clip = make("button", { type: "button", class: "icon clip", "aria-expanded": "false", onclick: () => this.toggle(this.panel) }, "📎");
    this.slash = make("button", { type: "button", class: "icon slash", hidden: true, onclick: () => this.toggle(this.menu) }, "/");
    this.go = make("button", { class: "icon go" }, "➤");
    this.form = make("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.sendText(); } },
      this.clip, this.slash, this.input, this.go);
    this.quoted = make("div", { class: "quoted", hidden: true });
    this.panel = make("div", { class: "panel", hidden: true });
    this.menu = make("div", { class: "panel menu", hidden: true });
    this.keys = make("div", { class: "keys", hidden: true });
    this.gate = make("div", { class: "gate", hidden: true });
    this.foot.append(this.panel, this.menu, this.quoted, this.form, this.keys, this.gate);
    this.foot.addEventListener("keydown", (event) => { if (event.key === "Escape") this.toggle(null); });
  }

  // -- words and header -------------------------------------------------------------------------------------------

  dress() {
    this.asLabel.firstChild.textContent = word("actAs");
    this.input.placeholder = word("write");
    for (const [element, key] of [[this.input, "write"], [this.clip, "attach"], [this.slash, "commands"], [this.go, "send"], [this.newest, "newer"], [this.as, "actAs"], [this.topics, "topics"]]) {
      element.setAttribute("aria-label", word(key));
      if (element.tagName === "BUTTON") element.title = word(key);
    }
    this.panel.replaceChildren(...attachments(this, this.shared.samples));
    this.showChat();
    this.redraw();
  }

  showChat() {
    const chat = this.chat;
    if (!chat) return;
    this.title.textContent = chat.title;
    this.avatar.textContent = chat.title.split(" ").at(this.isGroup ? 0 : -1)[0].toUpperCase();
    this.avatar.className = `avatar ${colour(this.chain[0])}`;
    const present = chat.members.filter((member) => PRESENT.includes(member.status));
    this.element.setAttribute("aria-label", chat.title);
    this.subtitle.classList.toggle("typing", chat.typing);
    this.subtitle.textContent = chat.typing ? word("typing") : this.isGroup ? groupWords(chat, present) : word("citizen");
    if (this.isZalo) zalo.dressHeader(this, chat);
    if (chat.typing) setTimeout(() => { chat.typing = false; this.showChat(); }, TYPING_MS);
    this.showMembers(present);
    this.showTopics(chat);
    this.showGate(chat);
    this.showKeys(chat);
    this.showCommands();
  }

  showMembers(present) {
    if (!this.isGroup) { this.person = this.chatId; return; }
    if (!present.some((member) => member.person === this.person)) this.person = present[0]?.person ?? null;
    this.as.replaceChildren(...present.map((member) => make("option", { value: member.person, selected: member.person === this.person },
      member.name + (member.anonymous ? ` (${word("anonymous")})` : ""))));
  }

  showTopics(chat) {
    this.topics.hidden = !chat.is_forum;
    const options = [["all", word("allTopics")], ["general", word("general")], ...chat.topics.map((topic) => [String(topic.id), `# ${topic.name}${topic.closed ? " 🔒" : ""}`])];
    if (!options.some(([value]) => value === this.topic)) this.topic = "all";
    this.topics.replaceChildren(...options.map(([value, label]) => make("option", { value, selected: value === this.topic }, label)));
  }

  // Instead of the composer: Start in a new chat, a way back where the bot was blocked or removed.
  showGate(chat) {
    const wanted = this.isZalo ? zalo.gate(chat) : this.isGroup
      ? PRESENT.includes(chat.bot_status) ? null : [word("botGone"), word("acts", "add_bot"), { act: "add_bot" }]
      : chat.blocked ? [word("botBlocked"), word("acts", "unblock"), { act: "unblock" }] : chat.started ? null : ["", word("start"), { act: "start" }];
    this.gate.hidden = wanted === null;
    this.form.hidden = wanted !== null && !this.isGroup && !wanted[3];
    if (wanted) this.gate.replaceChildren(wanted[0] ? make("p", {}, wanted[0]) : "", make("button", { type: "button", class: "primary", onclick: () => this.act(wanted[2]) }, wanted[1]));
  }

  showKeys(chat) {
    const rows = chat.keyboard?.keyboard ?? [];
    this.keys.hidden = !rows.length || this.form.hidden;
    this.input.placeholder = chat.keyboard?.input_field_placeholder || word("write");
    this.keys.replaceChildren(...rows.map((row) => make("div", { class: "key-row" }, ...row.map((key) => make("button", { type: "button", onclick: () => this.key(key) },
      key.text)))));
  }

  showCommands() {
    const commands = this.isZalo ? [] : this.shared.bot.commands ?? [];
    this.slash.hidden = !commands.length;
    this.menu.replaceChildren(...commands.map((command) => make("button", { type: "button", class: "menu-row", onclick: () => { this.toggle(null); this.act({ act: "text", text: `/${command.command}` }); } },
      make("b", {}, `/${command.command}`), make("span", {}, command.description))));
  }

  // -- messages ---------------------------------------------------------------------------------------------------

  take(message) {
    const link = this.chain.indexOf(message.chat);
    if (link < 0) return;
    const key = `${message.chat}:${message.message_id}`;
    const before = this.messages.get(key);
    if (message.deleted) this.messages.delete(key); else this.messages.set(key, message);
    const block = blockOf(before ?? message);
    if (!before && !message.deleted && message.from.id !== this.person) this.unread += 1;
    this.drawBlock(block);
  }

  members(block) {
    const found = [...this.messages.values()].filter((message) => blockOf(message) === block && this.inTopic(message));
    return found.sort((a, b) => a.message_id - b.message_id);
  }

  inTopic(message) {
    if (this.topic === "all" || !this.chat?.is_forum) return true;
    return this.topic === "general" ? message.thread === null : String(message.thread) === this.topic;
  }

  drawBlock(block) {
    const atEnd = this.isAtEnd();
    const messages = this.members(block);
    const old = this.blocks.get(block);
    if (!messages.length) { old?.remove(); this.blocks.delete(block); this.markDays(); return; }
    const fresh = bubble(messages, this.view());
    fresh.dataset.order = order(this.chain.indexOf(messages[0].chat), messages[0].message_id);
    fresh.dataset.day = day(messages[0].date);
    fresh.dataset.message = messages[0].message_id;
    if (old) old.replaceWith(fresh); else this.insert(fresh);
    this.blocks.set(block, fresh);
    this.markDays();
    if (atEnd) this.scrollDown(); else if (!old) this.newest.hidden = false;
  }

  insert(fresh) {
    let after = this.log.lastElementChild;
    while (after && !(after.dataset.order < fresh.dataset.order)) after = after.previousElementSibling;
    if (after) after.after(fresh); else this.log.prepend(fresh);
  }

  // A day is written over its first message by the style sheet; only the first of a day carries it.
  markDays() {
    let last = null;
    for (const element of this.log.children) {
      if (!element.dataset.day) continue;
      element.toggleAttribute("data-first", element.dataset.day !== last);
      last = element.dataset.day;
    }
    this.log.dataset.empty = this.blocks.size ? "" : word(this.isGroup ? "empty" : this.isZalo ? "emptyZalo" : "emptyPrivate");
  }

  redraw() {
    this.log.replaceChildren();
    this.blocks.clear();
    for (const block of new Set([...this.messages.values()].map(blockOf))) this.drawBlock(block);
    this.markDays();
    this.scrollDown();
  }

  view() {
    return {
      isGroup: this.isGroup,
      isZalo: this.isZalo,
      give: () => this.act({ act: "give_info" }),
      isMine: (message) => message.from.id === this.person || (message.anonymous && this.isAnonymous()),
      reply: (message) => this.reply(message),
      jump: (id) => this.jump(id),
      show: (url) => this.shared.show(url),
      press: (message, button, element) => this.press(message, button, element),
      topicOf: (message) => this.topic === "all" && message.thread ? this.chat?.topics.find((topic) => topic.id === message.thread)?.name : null,
    };
  }

  isAnonymous() { return this.chat.members.some((member) => member.person === this.person && member.anonymous); }
  isAtEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60; }

  scrollDown() {
    this.log.scrollTop = this.log.scrollHeight;
    this.newest.hidden = true;
  }

  onScroll() { if (this.isAtEnd()) this.newest.hidden = true; }

  jump(id) {
    const found = this.log.querySelector(`[data-message="${id}"]`);
    found?.scrollIntoView({ block: "center", behavior: "smooth" });
    found?.querySelector(".bubble")?.focus({ preventScroll: true });
  }

  // -- doing ------------------------------------------------------------------------------------------------------

  async act(wish, files = []) {
    const full = { chat: this.chatId, person: this.person, ...wish };
    if (this.replyTo) {
      full.reply_to = this.replyTo.message_id;
      full.thread = this.replyTo.thread;
    } else if (!["all", "general"].includes(this.topic)) full.thread = Number(this.topic);
    this.scrollDown();
    const result = await post("act", full, files);
    if (result) { this.reply(null); this.shared.look(); }
    return result;
  }

  async sendText() {
    const text = this.input.value.trim();
    if (text && await this.act({ act: "text", text })) { this.input.value = ""; this.grow(); }
  }

  // Photos and files take what is written in the composer as their caption.
  async sendMedia(act, samples, files = []) {
    const caption = this.input.value.trim();
    this.toggle(null);
    if (await this.act({ act, samples, caption: caption || null }, files)) { this.input.value = ""; this.grow(); }
  }

  key(key) {
    if (key.request_location) { this.toggle(this.panel); this.panel.querySelector(".places button")?.focus(); return; }
    if (key.request_contact) { this.act({ act: "contact" }); return; }
    this.act({ act: "text", text: key.text });
  }

  async press(message, button, element) {
    if (button.copy_text) { navigator.clipboard?.writeText(button.copy_text.text); return; }
    if (!button.callback_data) return;
    element.classList.add("busy");
    const result = await post("act", { act: "press", chat: message.chat, person: this.person, message: message.message_id, data: button.callback_data });
    if (!result) { element.classList.remove("busy"); return; }
    this.pressed.set(result.callback_id, element);
    // On Zalo nothing answers a press itself.
    setTimeout(() => this.released(result.callback_id), this.isZalo ? zalo.BUSY_MS : BUSY_MS);
    this.shared.look();
  }

  released(id) {
    this.pressed.get(id)?.classList.remove("busy");
    this.pressed.delete(id);
  }

  toast(found) {
    this.released(found.id);
    if (!found.text) return;
    const element = make("div", { class: `toast${found.alert ? " alert" : ""}` }, make("p", {}, found.text));
    if (found.alert) element.append(make("button", { type: "button", class: "primary", onclick: () => element.remove() }, word("ok")));
    else setTimeout(() => element.remove(), TOAST_MS);
    this.toasts.append(element);
  }

  reply(message) {
    this.replyTo = message;
    this.quoted.hidden = message === null;
    if (!message) return;
    const words = message.text || word(message.media?.kind ?? "location");
    this.quoted.replaceChildren(make("div", {}, make("b", {}, message.from.name), make("span", {}, words)),
      make("button", { type: "button", class: "icon", "aria-label": word("cancelReply"), onclick: () => this.reply(null) }, "✕"));
    this.input.focus();
  }

  toggle(panel) {
    for (const each of [this.panel, this.menu]) each.hidden = each !== panel || !each.hidden;
    this.clip.setAttribute("aria-expanded", String(!this.panel.hidden));
    if (!this.panel.hidden) this.panel.querySelector("button, input")?.focus();
  }

  grow() {
    this.input.style.height = "auto";
    // The border is no part of scrollHeight; an empty line goes back to what the style sheet says.
    this.input.style.height = this.input.value ? `${Math.min(this.input.scrollHeight + 2, 110)}px` : "";
  }
}

function blockOf(message) {
  return message.group ? `g${message.chat}:${message.group}` : `m${message.chat}:${message.message_id}`;
}

function order(link, id) {
  return `${link}:${String(id).padStart(12, "0")}`;
}

function groupWords(chat, present) {
  const words = [word("members", null, { count: present.length + (PRESENT.includes(chat.bot_status) ? 1 : 0) })];
  if (chat.platform === "zalo") words.unshift("Zalo");
  if (chat.is_forum) words.push(word("topics"));
  return words.join(" · ");
}
