"""What is wanted of the score, in one place: each line of the table, and the figure that it should reach.

The lines name figures of `sets`, `calibration`, `points`; cases from the field say themselves what is right (`cases`).
"""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.points import FROM_PX
from evaluation.statistics import Figure


@dataclass(frozen=True)
class Line:
    """A line of the table: one figure of a part, in words."""

    key: str
    """Its name among the figures of the part."""
    words: str
    least: float | None = None
    most: float | None = None
    """What it should reach, or not exceed; None for both: it is told for what it says of the others."""

    @property
    def wanted(self) -> str:
        """As it stands in the table."""
        if self.least is not None:
            return f">= {self.least:g}"
        return "" if self.most is None else f"<= {self.most:g}"

    def met(self, figure: Figure) -> bool | None:
        """Whether this is what is wanted; None where nothing is, or where there is no case."""
        if figure.n == 0 or (self.least is None and self.most is None):
            return None
        return figure.value >= self.least if self.least is not None else figure.value <= (self.most or 0.0)


SETS = (
    Line("motion", "shaken photos called soft", least=0.95),
    Line("worst motion", "the same, worst set", least=0.85),
    Line("kind", "kind of blur right, where called soft", least=0.90),
    Line("kind, when said", "the same, where one is said", least=0.95),
    Line("sharp", "sharp photos called in focus", least=0.98),
    Line("defocus", "defocused photos called soft", least=0.98),
    Line("AUC defocus", "AUC, sharp against defocus"),
    Line("AUC motion", "AUC, sharp against motion"),
)
SPOTS = (
    Line("ECE", "expected calibration error of the score", most=0.05),
    Line("soft green", "c under 0.5: green alone", most=0.02),
    Line("ends green", "first and last frames, c up to 0.7: green alone", most=0.03),
    Line("sharp, score", "c at 0.95 or more: score, median", least=0.9),
    Line("sharp over 0.9", "    share that scores 0.9 or more"),
    Line("sharp on", "    share called in focus"),
    Line("soft, score", "c under 0.5: score, median", most=0.1),
    Line("soft under 0.1", "    share that scores 0.1 or less"),
    Line("soft on", "    share called in focus"),
)
SKIES = (
    *(
        Line(kind, f"{words}: on in focus, off from {FROM_PX:g} px", least=0.97)
        for kind, words in (
            ("faint", "faint stars"),
            ("bright", "bright stars"),
            ("mirror", "stars in a mirror telescope"),
            ("lamps", "lamps of a town"),
            ("moon", "the moon"),
        )
    ),
    Line("autofocus", "autofocus finds the focus", least=1.0),
)
