"""One way to break the code, and the test that has to notice."""

from attrs import frozen


@frozen(kw_only=True)
class Mutant:
    """A single change of the code that takes away how one quirk is handled."""

    name: str
    """The claim it is about, a key of ``claims.CLAIMS``; further ones of it have ``+word`` behind."""

    ours: str
    """What the archive does about it, in one line: the code that is broken here."""

    file: str
    """The file that is changed, below the root of the repository."""

    old: str
    """The code that handles it; stands exactly once in the file."""

    new: str
    """What it is broken into."""

    test: str
    """The test that has to fail then, as pytest names it."""

    @property
    def claim(self) -> str:
        """The claim that it is about."""
        return self.name.partition("+")[0]

    def is_named(self, name: str) -> bool:
        """Tell whether somebody means it by a name: ``6.3.10``, ``P7``, or its whole name."""
        return self.name == name or self.name.startswith((f"{name}-", f"{name}+"))

    def broken(self, source: str) -> str:
        """Return the source of its file with the change made; ValueError when there is no one place."""
        if source.count(self.old) != 1:
            message = (
                f"{self.name}: stands {source.count(self.old)} times in {self.file}: {self.old!r}"
            )
            raise ValueError(message)
        return source.replace(self.old, self.new)
