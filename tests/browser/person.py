"""Somebody at a browser: signs in, reads, types and presses what the page offers."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, ViewportSize, expect

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text(encoding="utf-8")
_LOOK = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
_TOO_WIDE = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const scrolls = (node) => node
    && (getComputedStyle(node).overflowX !== "visible" || scrolls(node.parentElement));
  const found = [...document.body.querySelectorAll("*")].filter((node) =>
    node.getBoundingClientRect().right > innerWidth && !scrolls(node.parentElement));
  return found.length ? found.map((node) => node.outerHTML.slice(0, 160)) : ["something"];
}"""
PATIENCE = 15_000
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=740)


@dataclass(frozen=True, slots=True)
class Shown:
    """What was seen. Pictures go to the test's own folder, and to the documentation if asked."""

    folder: Path
    documentation: Path | None
    trouble: list[str] = field(default_factory=list)

    def keep(self, seen: Page | Locator, name: str, **how: Any) -> None:
        for folder in filter(None, (self.folder, self.documentation)):
            folder.mkdir(parents=True, exist_ok=True)
            seen.screenshot(path=folder / f"{name}.png", **how)


class Person:
    """One person in a browser of their own."""

    def __init__(self, context: BrowserContext, name: str, shown: Shown) -> None:
        context.set_default_timeout(PATIENCE)
        self.name = name
        self.shown = shown
        self.page = context.new_page()
        self.page.set_viewport_size(WIDE)
        self.page.on("pageerror", lambda error: shown.trouble.append(str(error)))
        self.page.on("console", self._note)

    def sign_in(self, password: str) -> None:
        self.page.goto("/admin/")
        self.type("Username", self.name)
        self.type("Password", password)
        self.press("Log in")
        expect(self.page.get_by_role("navigation", name="The desk")).to_be_visible()

    def goto(self, address: str) -> None:
        self.page.goto(address)

    def type(self, label: str, words: str, *, within: str = "main") -> None:
        field = self.page.locator(within).get_by_label(label).first
        field.fill(words)

    def press(self, name: str, *, within: str = "main") -> None:
        self.page.locator(within).get_by_role("button", name=name).first.click()

    def follow(self, name: str, *, within: str = "body") -> None:
        self.page.locator(within).get_by_role("link", name=name).first.click()

    def unfold(self, name: str, *, within: str = "main") -> None:
        self.page.locator(f"{within} summary", has_text=name).first.click()

    def part(self, name: str) -> Locator:
        return self.page.locator(f"#{name}")

    def reads(self, words: str, *, within: str = "main") -> None:
        """They see the words, at once or as soon as the page has caught up."""
        expect(self.page.locator(within)).to_contain_text(words, timeout=PATIENCE)

    def sees_nothing_of(self, *words: str) -> None:
        """Neither on the page nor in what the browser was sent for it."""
        sent = self.page.content()
        for one in words:
            assert one not in sent, f"{self.name} was sent: {one}"

    def shows(self, name: str, *, of: str = "", full_page: bool = True) -> None:
        """Keep a picture of the page, of what the window shows of it, or of one part."""
        if of:
            self.shown.keep(self.page.locator(of), name)
        else:
            self.page.evaluate("scrollTo(0, 0)")
            self.shown.keep(self.page, name, full_page=full_page)

    def sits_at_a_telephone(self) -> None:
        """The page in a window of 360 px; whatever makes it scroll sideways is trouble."""
        self._squeezes_into(NARROW)

    def zooms_in(self) -> None:
        """The page at 200 %: the same window has half as many of its pixels."""
        self._squeezes_into(ViewportSize(width=WIDE["width"] // 2, height=WIDE["height"] // 2))

    def _squeezes_into(self, size: ViewportSize) -> None:
        self.page.set_viewport_size(size)
        for what in self.page.evaluate(_TOO_WIDE):
            self.shown.trouble.append(f"{self.page.url}: too wide at {size['width']} px: {what}")

    def sits_at_a_desk(self, *, dark: bool = False) -> None:
        self.page.set_viewport_size(WIDE)
        self.page.emulate_media(color_scheme="dark" if dark else "light")

    def hits(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def looks_for_trouble(self) -> None:
        """Note what axe finds on the page as it stands; the desk's test fails on any of it."""
        self.page.wait_for_load_state()
        self.page.evaluate(AXE)
        for one in self.page.evaluate(_LOOK):
            places = [f"    {node['html'][:200]}" for node in one["nodes"][:5]]
            what = f"{one['id']} ({one['impact']}): {one['help']}"
            self.shown.trouble.append("\n".join([f"{self.page.url}: {what}", *places]))

    def _note(self, said: ConsoleMessage) -> None:
        """A script that failed, or something that the Content-Security-Policy refused."""
        # How a form is answered that cannot be used, and one that is stale.
        refused = any(f"status of {status}" in said.text for status in (400, 412))
        if said.type == "error" and not refused:
            self.shown.trouble.append(f"{self.page.url}: {said.text}")
