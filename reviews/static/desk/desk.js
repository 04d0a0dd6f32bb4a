// What the desk does beyond plain pages and forms: keys, kept typing, marked passages.
// Nothing here is needed to work; nothing here decides anything.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  const isTyping = (at) => at instanceof HTMLElement &&
    (at.isContentEditable || at.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=submit])"));

  // ── Keys: one letter or digit each, off while typing, off altogether on wish (WCAG 2.1.4) ──
  const keysOff = () => document.body.dataset.keys === "off";
  const isShown = (node) => node.getClientRects().length > 0;
  const holder = (key) => [...document.querySelectorAll("[data-key]")].find((node) => node.dataset.key === key && isShown(node));

  const use = (node) => {
    if (node.matches("a[href], button, summary")) {
      node.click();
      // The next Tab goes on from what was unfolded, and it is in sight.
      if (node.matches("summary")) node.focus();
    } else { node.scrollIntoView({ block: "center" }); node.focus(); }
  };

  const listKeys = () => {
    const list = document.querySelector("[data-keys-list]");
    list.replaceChildren();
    const named = [["?", root.lang.startsWith("en") ? "This list" : "?"]];
    for (const node of document.querySelectorAll("[data-key]")) {
      if (isShown(node)) named.push([node.dataset.key, node.dataset.keyName || node.textContent.trim()]);
    }
    for (const [key, name] of named) {
      const dt = document.createElement("dt"), dd = document.createElement("dd"), kbd = document.createElement("kbd");
      kbd.textContent = key; dt.append(kbd); dd.textContent = name;
      list.append(dt, dd);
    }
    document.querySelector("[data-keys-dialog]").showModal();
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (keysOff() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") { event.preventDefault(); listKeys(); return; }
    const node = holder(event.key);
    if (node) { event.preventDefault(); use(node); }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-open]")) listKeys();
  });

  // ── Light or dark, at once; the form does the same without this script ──
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-themes]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    root.dataset.theme = theme;
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button === event.submitter));
    document.cookie = `desk_theme=${theme}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
  });

  // ── What somebody unfolded stays so when its part of the page is read anew ──
  // Where the keys are, htmx keeps by itself, for whatever has an id.
  let unfolded = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    unfolded = [...event.detail.target.querySelectorAll("details[id][open]")].map((fold) => fold.id);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  });

  // ── What is typed in one form outlives the sending of another, in this tab only ──
  const place = (form) => `desk:${location.pathname.replace(/\/act\/.*$/, "/")}:${form.dataset.keep}`;
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "file" && field.type !== "password" && field.type !== "submit");
  const keep = (form) => {
    const typed = fieldsOf(form).map((field) => [field.name, field.type === "checkbox" || field.type === "radio" ? [field.value, field.checked] : field.value]);
    try { sessionStorage.setItem(place(form), JSON.stringify(typed)); } catch { /* a full store keeps nothing, and no harm is done */ }
  };
  const restore = (form) => {
    const kept = sessionStorage.getItem(place(form));
    if (!kept || "refused" in form.dataset) return;
    const fields = fieldsOf(form);
    for (const [name, value] of JSON.parse(kept)) {
      for (const field of fields.filter((one) => one.name === name)) {
        if (!Array.isArray(value)) field.value = value;
        else if (field.value === value[0]) field.checked = value[1];
      }
    }
    form.closest("details")?.setAttribute("open", "");
  };
  for (const form of document.querySelectorAll("form[data-keep]")) restore(form);
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && "keep" in form.dataset) keep(form);
    if (form) noteLoose(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ("keep" in form.dataset) sessionStorage.removeItem(place(form));
    if ("forget" in form.dataset) sessionStorage.clear();
    // A second press of the same button would only be refused.
    if (form.method === "post" && !form.hasAttribute("hx-post") && !("themes" in form.dataset)) {
      setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; }, 0);
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const button of document.querySelectorAll("form button:disabled[data-was-on], form.act button:disabled:not([data-closed])")) button.disabled = false;
  });

  // ── A passage marked with the mouse becomes start and end, in characters as the desk counts ──
  const characters = (words) => [...words].length;
  const offsetAt = (node, inside) => {
    const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
    if (!piece) return null;
    const range = document.createRange();
    range.selectNodeContents(piece);
    range.setEnd(node, inside);
    return Number(piece.dataset.start) + characters(range.toString());
  };
  const text = document.querySelector("[data-markable]");
  const marker = document.querySelector("[data-marker]");
  if (text && marker) {
    const field = (name) => marker.querySelector(`[name="${name}"]`);
    document.addEventListener("selectionchange", () => {
      const chosen = getSelection();
      if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return;
      const range = chosen.getRangeAt(0);
      if (!text.contains(range.commonAncestorContainer)) return;
      const start = offsetAt(range.startContainer, range.startOffset), end = offsetAt(range.endContainer, range.endOffset);
      if (start === null || end === null || end <= start) return;
      field("start").value = start; field("end").value = end;
      const shown = marker.querySelector("[data-marked]");
      shown.textContent = chosen.toString(); shown.hidden = false;
      marker.closest("details")?.setAttribute("open", "");
    });
  }

  // ── Sentences without evidence show while one types ──
  const noteLoose = (form) => {
    for (const sentence of form.querySelectorAll("[data-sentence]")) {
      const words = sentence.querySelector("textarea");
      const tied = sentence.querySelector("input[type=checkbox]:checked");
      const loose = Boolean(words && words.value.trim() && !tied);
      sentence.classList.toggle("loose", loose);
      const note = sentence.querySelector("[data-loose-note]");
      if (note) note.hidden = !loose;
    }
  };
  for (const form of document.querySelectorAll("form")) noteLoose(form);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-sentence]");
    if (!button) return;
    event.preventDefault();
    const form = button.form, total = form.querySelector("[name$='TOTAL_FORMS']");
    const template = form.querySelector("template[data-sentence-template]");
    const number = Number(total.value);
    const html = template.innerHTML.replaceAll("__prefix__", String(number)).replaceAll("__number__", String(number + 1));
    form.querySelector("[data-sentences]").insertAdjacentHTML("beforeend", html);
    total.value = number + 1;
    form.querySelector("[data-sentences]").lastElementChild.querySelector("textarea").focus();
  });

  // ── Names of colleagues, offered while one is typed after an @; the desk says who there is ──
  for (const place of document.querySelectorAll("[data-naming]")) {
    const field = place.querySelector("textarea"), list = place.querySelector("[role=listbox]"), said = place.querySelector("[data-named]");
    if (!field || !list) continue;
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    let asked = 0, at = -1;
    const begun = () => /(?:^|[^\p{L}\p{N}_@.+-])@([\p{L}\p{N}_.@+-]{0,150})$/u.exec(field.value.slice(0, field.selectionStart));
    const options = () => [...list.children];
    const point = (to) => {
      at = to;
      options().forEach((one, number) => one.setAttribute("aria-selected", String(number === at)));
      if (at < 0) field.removeAttribute("aria-activedescendant");
      else { field.setAttribute("aria-activedescendant", options()[at].id); options()[at].scrollIntoView({ block: "nearest" }); }
    };
    const close = () => { asked += 1; list.hidden = true; list.replaceChildren(); said.textContent = ""; point(-1); };
    const take = (one) => {
      const found = begun();
      if (!found) return close();
      const start = field.selectionStart - found[1].length;
      field.setRangeText(`${one.dataset.name} `, start, field.selectionStart, "end");
      close();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    };
    const offer = async () => {
      const found = begun();
      if (!found) return close();
      const mine = asked += 1;
      const answer = await fetch(`${place.dataset.naming}?begun=${encodeURIComponent(found[1])}`, { headers: { Accept: "text/html" } }).catch(() => null);
      // Somebody who went on typing has asked anew meanwhile.
      if (mine !== asked) return;
      if (!answer?.ok) return close();
      list.innerHTML = await answer.text();
      if (mine !== asked) return;
      const many = options().length;
      if (!many) return close();
      list.hidden = false;
      said.textContent = many === 1 ? said.dataset.one : said.dataset.many;
      point(-1);
    };
    let pause;
    field.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(offer, 120); });
    field.addEventListener("blur", () => setTimeout(close, 150));
    field.addEventListener("keydown", (event) => {
      if (list.hidden || event.isComposing) return;
      const many = options().length;
      if (event.key === "ArrowDown") point((at + 1) % many);
      else if (event.key === "ArrowUp") point(at <= 0 ? many - 1 : at - 1);
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && at >= 0) take(options()[at]);
      else return;
      event.preventDefault();
    });
    list.addEventListener("pointerdown", (event) => {
      const one = event.target.closest("[role=option]");
      if (one) { event.preventDefault(); take(one); }
    });
  }

  // ── All boxes of a page at once ──
  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-tick-all]");
    if (!all) return;
    for (const box of document.querySelectorAll(`input[name="${all.dataset.tickAll}"]`)) box.checked = all.checked;
  });

  // ── The index of a long page says where one is ──
  const indexes = [...document.querySelectorAll("[data-index]")];
  const parts = indexes.length ? [...indexes[0].querySelectorAll("a[href^='#']")].map((link) => document.querySelector(link.hash)).filter(Boolean) : [];
  const seen = new Set();
  const mark = () => {
    const here = parts.find((part) => seen.has(part));
    for (const index of indexes) {
      for (const link of index.querySelectorAll("a")) {
        const is = Boolean(here) && link.hash === `#${here.id}`;
        if (is === link.hasAttribute("aria-current")) continue;
        if (!is) { link.removeAttribute("aria-current"); continue; }
        link.setAttribute("aria-current", "location");
        index.scrollTo?.({ left: link.offsetLeft - index.clientWidth / 3 });
      }
    }
  };
  // Above the middle of the window: what is read, and not what comes into sight below.
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) seen[entry.isIntersecting ? "add" : "delete"](entry.target);
    mark();
  }, { rootMargin: "-96px 0px -60% 0px" });
  for (const part of parts) watch.observe(part);

  // ── After a refusal the reasons are read first ──
  // A browser that goes to the part named in the address takes the keys with it, after us.
  const reasons = document.querySelector("[data-focus]");
  const readFirst = () => reasons?.focus({ preventScroll: false });
  readFirst();
  addEventListener("load", () => setTimeout(readFirst, 0));
})();
