"""A value with the place where it stood."""

from typing import Generic, TypeVar

from attrs import frozen

T = TypeVar("T")


@frozen
class Named(Generic[T]):
    """A value and the place on the page from which it was taken."""

    value: T
    source: str
