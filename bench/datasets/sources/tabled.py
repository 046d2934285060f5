"""Named arrays of any file -> a data set: `load`, `outline` and `sha256` once, for all formats."""

import dataclasses
import hashlib

from bench.datasets import assembly, pixels, resizing, splitting
from bench.datasets.dataset import Dataset, Outline
from bench.datasets.reading import Reading
from bench.datasets.sources import roles
from bench.datasets.sources.stored import Store

LOOKED_AT = 8 * 2**20  # bytes of images whose values are looked at before the file is loaded


@dataclasses.dataclass(frozen=True, kw_only=True)
class Table:
    """An open store, and which of its arrays is what."""

    store: Store
    role: roles.Role
    where: str
    reading: Reading

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done to reach the arrays, in words."""
        return (*self.store.notes, *self.role.notes)

    def raw(self, *, whole: bool) -> assembly.RawParts:
        """The arrays by part; if not `whole`, images are stand-ins that take no memory."""
        return {
            part: assembly.RawPart(
                images=self.store.array(name) if whole else self.store.stand_in(name),
                labels=self.store.array(self.role.labels[part]) if part in self.role.labels else None,
                x=name,
                y=self.role.labels.get(part, f"the labels of {name}"),
            )
            for part, name in self.role.images.items()
        }


def table(store: Store, where: str, reading: Reading) -> Table:
    """Find images and labels; raises `DataError` where names do not tell."""
    said = reading if store.has_own_names else dataclasses.replace(reading, images="", labels="")
    role = roles.assigned(store.names, lambda name: store.header(name).shape, where, said)
    return Table(store=store, role=role, where=where, reading=reading)


def load(found: Table, name: str) -> Dataset:
    """Load all of it.

    Returns
    -------
    Dataset
        What the file has no part for, is split off from its training images by `splitting`.

    Raises
    ------
    DataError
        In one line, if something is wrong with it.
    """
    return assembly.assemble(
        found.raw(whole=True),
        name=name,
        where=found.where,
        splitter=splitting.stratified_fifth,
        reading=found.reading,
        notes=found.notes,
    )


def outline(found: Table) -> Outline:
    """Return what it will be taken for, from headers, labels and the first images.

    Raises
    ------
    DataError
        As `load`, as far as these tell.
    """
    where, reading = found.where, found.reading
    raw = found.raw(whole=False)
    images = assembly.checked_parts(raw, where, reading)
    first = {part.x: found.store.first(part.x, LOOKED_AT) for part in raw.values()}
    extents = {
        f"{where}: {part.x}": pixels.extent(
            first[part.x], f"{where}: {part.x}", is_whole=len(first[part.x]) == len(part.images)
        )
        for part in raw.values()
        if len(first[part.x])
    }
    told = pixels.told([*extents.values()], pixels.scale(extents, reading)) if extents else ""
    classes = assembly.classes(raw, where)
    return Outline(
        images=splitting.sizes({key: len(values) for key, values in images.items()}),
        image_shape=resizing.shape(images["train"].shape[1:], reading),
        class_names=classes.names,
        novel=classes.novel,
        notes=tuple(filter(None, (told, *assembly.changes(raw, reading), *found.notes))),
    )


def sha256(found: Table) -> str:
    """Return the fingerprint without holding the images: that of the loaded data set."""
    digest = hashlib.sha256()
    for part, images in found.role.images.items():
        for name in filter(None, (images, found.role.labels.get(part))):
            about = found.store.header(name)
            digest.update(assembly.heading(about.dtype, about.shape))
            for block in found.store.blocks(name):
                digest.update(block)
    digest.update(str(found.reading).encode())
    return digest.hexdigest()
