// Looks for a banner that asks for consent, touches nothing, and gives its tool and its buttons; null where none shows.
(told) => {
  const roots = [];
  const enter = (root) => {
    roots.push(root);
    for (const one of root.querySelectorAll("*")) if (one.shadowRoot) enter(one.shadowRoot);
  };
  enter(document);

  const isSeen = (one) => {
    const box = one.getBoundingClientRect();
    const isDrawn = box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0;
    return isDrawn && one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const first = (selectors) => {
    for (const selector of selectors)
      for (const root of roots)
        for (const one of root.querySelectorAll(selector)) if (isSeen(one)) return one;
    return null;
  };
  const plain = (text) => text.replace(/[’ʼ´`]/g, "'").replace(/[^\p{L}\p{N}_']+/gu, " ").trim().toLowerCase();
  const says = (one) => [one.innerText, one.value, one.getAttribute("aria-label")].map((text) => plain(text || ""));
  const BUTTONS = "button, a, [role=button], input[type=button], input[type=submit], span[onclick], div[onclick]";
  const buttons = (root) => {
    const found = [...root.querySelectorAll(BUTTONS)];
    for (const one of [root, ...root.querySelectorAll("*")]) if (one.shadowRoot) found.push(...buttons(one.shadowRoot));
    return found.filter(isSeen);
  };
  const saying = (among, words) => among.find((one) => says(one).some((text) => words.includes(text))) || null;
  const above = (one) => one.parentElement || (one.getRootNode() instanceof ShadowRoot ? one.getRootNode().host : null);

  const answer = (tool, banner, selectors) => {
    const among = buttons(banner);
    const button = (kind) => first(selectors[kind] || []) || saying(among, told.words[kind]);
    const accept = button("accept") || saying(among, told.words.weak);
    return { tool, refuse: button("refuse"), accept, settings: button("settings") };
  };

  for (const tool of told.tools) {
    const banner = first(tool.banner);
    if (banner) return answer(tool.slug, banner, tool);
  }
  if (!told.byWords) return null;

  // The smallest box around a button that says what it is about, and is not the page.
  const MOST = 4000;
  const around = (button) => {
    for (let box = above(button); box && box !== document.body && box !== document.documentElement; box = above(box)) {
      const text = (box.innerText || "").toLowerCase();
      if (text.length > MOST) return null;
      if (told.about.some((word) => text.includes(word)) && text.length > says(button)[0].length + 20) return box;
    }
    return null;
  };
  // « OK » is on many buttons: it betrays a banner only in a box that lies over the page.
  const OVER = ["fixed", "sticky", "absolute"];
  const isOver = (box) => {
    for (let one = box; one && one !== document.body; one = above(one))
      if (OVER.includes(getComputedStyle(one).position) || /dialog/.test(one.getAttribute("role"))) return true;
    return false;
  };
  const all = roots.flatMap((root) => [...root.querySelectorAll(BUTTONS)]).filter(isSeen);
  for (const kind of ["refuse", "accept", "weak"])
    for (const button of all) {
      if (!says(button).some((text) => told.words[kind].includes(text))) continue;
      const banner = around(button);
      if (banner && (kind !== "weak" || isOver(banner))) return answer("", banner, {});
    }
  return null;
};
