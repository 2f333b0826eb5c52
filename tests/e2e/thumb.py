"""A thumb on a phone that counts what it does, and what that costs by the keystroke model of docs/reviews."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.support import files

TAP_SECONDS, CHARACTER_SECONDS, DECISION_SECONDS = 1.1, 0.5, 1.35
CAMERA_TAPS = 3
"""Open the camera, release, take the picture over."""
A_MINUTE = 60
TIMED = """addEventListener("load", () => setTimeout(() => {
    const took = performance.getEntriesByType("navigation")[0].duration;
    sessionStorage.setItem("waited", Number(sessionStorage.getItem("waited") || 0) + took);
}));"""


@dataclass
class Thumb:
    """Counts what a person does on a phone; to reach a text field is a tap, too."""

    taps: int = 0
    characters: int = 0
    fields: int = 0
    decisions: int = 0
    waited: float = 0
    """Seconds until the pages stood there, from click to load, of those that were watched."""

    def watch(self, page: Page) -> None:
        """Have a page add up how long it and those after it took; ``rest`` takes the sum over."""
        page.add_init_script(TIMED)

    def rest(self, page: Page) -> None:
        self.waited += page.evaluate("Number(sessionStorage.getItem('waited') || 0) / 1000")

    def tap(self, target: Locator) -> None:
        target.tap()
        self.taps += 1

    def choose(self, target: Locator) -> None:
        self.tap(target)
        self.fields += 1
        self.decisions += 1

    def type(self, target: Locator, words: str) -> None:
        self.tap(target)
        target.fill(words)
        self.fields += 1
        self.characters += len(words)

    def photograph(self, target: Locator) -> None:
        target.set_input_files(
            [{"name": "票据.png", "mimeType": "image/png", "buffer": files.png(77)}]
        )
        self.taps += CAMERA_TAPS
        self.fields += 1

    @property
    def seconds(self) -> float:
        return (
            self.taps * TAP_SECONDS
            + self.characters * CHARACTER_SECONDS
            + self.decisions * DECISION_SECONDS
            + self.waited
        )

    def __str__(self) -> str:
        return (
            f"{self.fields} fields, {self.taps} taps, {self.characters} characters,"
            f" {self.seconds:.0f} s, {self.waited:.1f} of them pages"
        )
