// The strip above the phones: guide, clock, faults, groups.

import { make, post } from "./api.js";
import { moment, word } from "./words.js";

const STEPS = [["hour", "+1h"], ["day", "+1d"], ["days3", "+3d"]];
const METHODS = ["*", "sendMessage", "sendPhoto", "sendMediaGroup", "editMessageText", "answerCallbackQuery", "getFile", "file", "getUpdates"];
const UPDATES = ["*", "message", "callback_query", "edited_message"];
const ZALO_METHODS = ["*", "message/cs", "group/message", "upload/image", "user/detail", "group/listmember", "oauth", "media"];
const ZALO_EVENTS = ["*", "user_send_text", "user_send_image", "user_send_location", "user_send_group_text", "follow"];
const OF_UPDATES = ["duplicate", "reorder", "forge"];
const ONLY_ZALO = ["html", "code", "forge"];
const VALUES = { slow: 1500, 429: 3, duplicate: 2, reorder: 1500, code: -230 };
const HERE = ["member", "administrator", "creator"];
const find = (id) => document.getElementById(id);

export class Tools {
  constructor(shared) {
    this.shared = shared;
    this.shown = "";
    find("fault-form").addEventListener("submit", (event) => this.switchOn(event));
    find("fault-form").elements.kind.addEventListener("change", () => this.suitKind());
    find("fault-off").addEventListener("click", () => this.change("faults", { off: "all" }));
    find("group-choice").addEventListener("change", () => this.showGroup());
    find("member-choice").addEventListener("change", () => this.showGroup());
    document.addEventListener("click", (event) => { if (!event.target.closest(".tools")) this.closeAll(); });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.closeAll(); });
    // Older browsers do not know that only one of a name is open at a time.
    for (const each of document.querySelectorAll(".tools details")) each.addEventListener("toggle", () => { if (each.open) this.closeAll(each); });
  }

  closeAll(except = null) {
    for (const each of document.querySelectorAll(".tools details[open]")) if (each !== except) each.open = false;
  }

  async change(path, body) {
    await post(path, body);
    this.shared.look();
  }

  dress() {
    find("guide").replaceChildren(...word("guideSteps").map((step) => make("li", {}, step)), make("li", { class: "tip" }, word("guideTap")));
    find("clock-steps").replaceChildren(...STEPS.map(([key, step]) => make("button", { type: "button", onclick: () => this.change("clock", { advance: step }) }, word(key))));
    const kind = find("fault-form").elements.kind;
    const kept = kind.value || "slow";
    kind.replaceChildren(...Object.keys(word("kinds")).sort().map((name) => make("option", { value: name, selected: name === kept }, word("kinds", name))));
    this.suitKind();
    this.shown = "";
    this.showGroup();
  }

  suitKind() {
    const { kind, method, value, after } = find("fault-form").elements;
    const [telegram, zalo] = OF_UPDATES.includes(kind.value) ? [UPDATES, ZALO_EVENTS] : [METHODS, ZALO_METHODS];
    const groups = [make("optgroup", { label: "Zalo" }, ...zalo.map((name) => make("option", { value: `zalo:${name}` }, methodWords(`zalo:${name}`))))];
    if (!ONLY_ZALO.includes(kind.value)) groups.unshift(make("optgroup", { label: "Telegram" }, ...telegram.map((name) => make("option", { value: name }, methodWords(name)))));
    method.replaceChildren(...groups);
    find("fault-value-label").textContent = word("values", kind.value);
    value.parentElement.hidden = !(kind.value in VALUES);
    value.value = VALUES[kind.value] ?? "";
    after.parentElement.hidden = !["429", "500", "drop", "html", "code"].includes(kind.value);
    after.checked = false;
  }

  async switchOn(event) {
    event.preventDefault();
    const { kind, method, chance, count, value, after } = event.target.elements;
    const wish = { kind: kind.value, method: method.value, probability: Number(chance.value) / 100, after: after.checked };
    if (count.value) wish.count = Number(count.value);
    if (value.value) wish.value = Number(value.value);
    await this.change("faults", wish);
  }

  show(state) {
    find("clock").textContent = moment(state.now);
    find("clock-offset").textContent = state.offset_seconds < 60 ? word("clockReal") : word("clockAhead", null, { time: span(state.offset_seconds) });
    find("tool-clock").classList.toggle("on", state.offset_seconds >= 60);
    this.showFaults(state.faults);
    this.showBot(state.bot);
    if (state.chats.length) this.showGroup();
  }

  showBot(bot) {
    const waiting = bot.pending > 0;
    find("bot").className = waiting ? "bot waits" : "bot";
    find("bot").textContent = waiting ? word("waiting", null, { count: bot.pending }) : `@${bot.username}`;
    find("bot").title = [bot.webhook, bot.last_error].filter(Boolean).join(" — ");
  }

  showFaults(faults) {
    const shown = JSON.stringify(faults);
    if (shown === this.shown) return;
    this.shown = shown;
    find("fault-count").hidden = find("fault-off").hidden = !faults.length;
    find("fault-count").textContent = faults.length;
    find("fault-list").replaceChildren(...faults.map((fault) => make("li", {},
      make("span", {}, [word("kinds", fault.kind), methodWords(fault.method), `${Math.round(fault.probability * 100)}%`, fault.count ? `×${fault.count}` : "∞", fault.after ? word("faultAfter") : ""].filter(Boolean).join(" · ")),
      make("button", { type: "button", onclick: () => this.change("faults", { off: fault.id }) }, word("faultOff")))));
  }

  // -- groups -----------------------------------------------------------------------------------------------------

  showGroup() {
    const groups = [...this.shared.chats.values()].filter((chat) => chat.platform === "telegram" && chat.type !== "private" && !chat.migrated_to);
    const chosen = groups.find((chat) => String(chat.id) === find("group-choice").value) ?? groups[0];
    if (!chosen) return;
    find("group-choice").replaceChildren(...groups.map((chat) => make("option", { value: chat.id, selected: chat === chosen }, chat.title)));
    find("group-acts").replaceChildren(make("span", { class: "quiet" }, word("botStatus", null, { status: word("statuses", chosen.bot_status) })),
      ...groupActs(chosen).map(([label, wish]) => this.button(label, { chat: chosen.id, ...wish })));
    this.showPerson(chosen);
  }

  showPerson(group) {
    const people = [...this.shared.people.values()].filter((person) => person.platform === "telegram" && person.id < 5200000000);
    const chosen = people.find((person) => String(person.id) === find("member-choice").value) ?? people[0];
    if (!chosen) return;
    find("member-choice").replaceChildren(...people.map((person) => make("option", { value: person.id, selected: person === chosen }, person.name)));
    const member = group.members.find((each) => each.person === chosen.id && HERE.includes(each.status));
    const blocked = this.shared.chats.get(chosen.id)?.blocked;
    const acts = member ? [["kick", { act: "kick" }], member.anonymous ? ["named", { act: "set_anonymous", on: false }] : ["anonymous", { act: "set_anonymous", on: true }]] : [["join", { act: "join" }]];
    acts.push(blocked ? ["unblock", { act: "unblock" }] : ["block", { act: "block" }]);
    find("member-acts").replaceChildren(...acts.map(([label, wish]) => this.button(label, { chat: group.id, person: chosen.id, ...wish })));
  }

  button(label, wish) {
    return make("button", { type: "button", onclick: () => this.change("act", wish) }, word("acts", label));
  }
}

function methodWords(method) {
  const name = method.replace("zalo:", "");
  return (method === name ? "Telegram · " : "Zalo · ") + (name === "*" ? word("everything") : name);
}

function groupActs(chat) {
  const acts = [];
  if (HERE.includes(chat.bot_status)) acts.push(["remove_bot", { act: "remove_bot" }]); else acts.push(["add_bot", { act: "add_bot" }]);
  if (chat.bot_status === "member") acts.push(["promote_bot", { act: "promote_bot" }]);
  if (chat.bot_status === "administrator") acts.push(["demote_bot", { act: "demote_bot" }]);
  if (chat.type === "group") acts.push(["upgrade", { act: "upgrade" }]);
  else acts.push(chat.is_forum ? ["topics_off", { act: "set_topics", on: false }] : ["topics_on", { act: "set_topics", on: true }]);
  return acts;
}

function span(seconds) {
  const days = Math.floor(seconds / 86400), hours = Math.floor(seconds % 86400 / 3600), minutes = Math.floor(seconds % 3600 / 60);
  return [[days, "dayUnit"], [hours, "hourUnit"], [minutes, "minuteUnit"]].filter(([n]) => n).map(([n, unit]) => `${n} ${word(unit)}`).join(" ");
}
