"""What was published of Fashion-MNIST, MNIST and CIFAR-10: where Keras keeps it, and what is in it."""

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, kw_only=True)
class KerasSet:
    """A data set that Keras downloads.

    Attributes
    ----------
    name : str
        Of the module in `keras.datasets`, and here.
    folder : str
        Where its files are, below `KERAS_HOME`.
    files : tuple of str
        The names under which Keras keeps them.
    class_names : tuple of str
    md5 : mapping of str to str
        Published MD5 of what is inside a `.gz` file. Keras itself checks the others.
    contents : tuple of str
        Of a set in one `.npz` file: the published MD5 of the IDX files that hold its arrays. A file with
        these contents is taken whatever its own bytes are, which Keras wants to be its own.
    """

    name: str
    folder: str
    files: tuple[str, ...]
    class_names: tuple[str, ...]
    md5: Mapping[str, str] = dataclasses.field(default_factory=dict)
    contents: tuple[str, ...] = ()


# https://github.com/zalandoresearch/fashion-mnist publishes MD5s of the compressed files; these are
# of their contents, which survive being compressed again. The order is x_train, y_train, x_test, y_test.
_FASHION_MD5 = {
    "train-images-idx3-ubyte.gz": "f4a8712d7a061bf5bd6d2ca38dc4d50a",
    "train-labels-idx1-ubyte.gz": "9018921c3c673c538a1fc5bad174d6f9",
    "t10k-images-idx3-ubyte.gz": "8181f5470baa50b63fa0f6fddb340f0a",
    "t10k-labels-idx1-ubyte.gz": "15d484375f8d13e6eb1aabb0c3f46965",
}

FASHION_MNIST = KerasSet(
    name="fashion_mnist",
    folder="datasets/fashion-mnist",
    files=tuple(_FASHION_MD5),
    class_names=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    md5=_FASHION_MD5,
)
MNIST = KerasSet(
    name="mnist",
    folder="datasets",
    files=("mnist.npz",),
    class_names=tuple("0123456789"),
    # LeCun, Cortes and Burges; of the files without their compression.
    contents=(
        "6bbc9ace898e44ae57da46a324031adb",
        "a25bea736e30d166cdddb491f175f624",
        "2646ac647ad5339dbf082846283269ea",
        "27ae3e4e09519cfbb04c329615203637",
    ),
)
CIFAR10 = KerasSet(
    name="cifar10",
    folder="datasets",
    files=("cifar-10-batches-py-target_archive",),
    class_names=(
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ),
)
