"""What is promised: the rows of the results table, and how samples become a line of it."""

import dataclasses
import statistics


@dataclasses.dataclass
class Row:
    """One promise. `ratio` says how ours and the peer's figure compare; more is better unless
    `at_most`, which then bounds our own figure."""
    name: str
    ours: str            # what our figure is, with its unit
    peer: str = ""       # what it is compared with; "" = a bound on our own figure
    at_least: float = 0  # of the ratio
    aim: float = 0
    at_most: float = 0   # of our own figure
    samples: list = dataclasses.field(default_factory=list)

    def add(self, ours, peer=None):
        self.samples.append((ours, peer))

    def judged(self):
        """The figures that the promise is about: ratios, or our own."""
        return [ours / peer if peer else ours for ours, peer in self.samples]

    def promise(self):
        if self.at_most:
            return f"<= {short(self.at_most)}"
        text = f">= {self.at_least:g} x"
        return text + (f", aim {self.aim:g} x" if self.aim else "")

    def kept(self):
        median = statistics.median(self.judged())
        if self.at_most:
            return "yes" if median <= self.at_most else "no"
        if self.aim and median >= self.aim:
            return "aim"
        return "yes" if median >= self.at_least else "no"

    def cells(self):
        ours = statistics.median(sample[0] for sample in self.samples)
        peers = [sample[1] for sample in self.samples if sample[1]]
        ratios = self.judged()
        spread = f"{min(ratios):.3g} to {max(ratios):.3g}"
        return [self.name, f"{short(ours)} {self.ours}",
                f"{short(statistics.median(peers))} {self.peer}" if peers else "",
                f"{statistics.median(ratios):.2f} ({spread})" if peers else f"({spread})",
                self.promise(), self.kept()]


def short(value):
    """Three digits and a unit prefix."""
    for limit, prefix in ((1e6, " M"), (1e3, " k")):
        if abs(value) >= limit:
            return f"{value / limit:.3g}{prefix}"
    return f"{value:.3g}"


HEAD = ["what", "OpsLedger", "beside", "ratio (min to max)", "promise", "kept"]


def markdown(rows):
    lines = [HEAD, ["---"] * len(HEAD)] + [row.cells() for row in rows if row.samples]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
