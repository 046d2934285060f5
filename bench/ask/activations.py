"""The activations of hidden layers, by the names that Keras has for them."""

# Without glu, which halves the width of a layer, and threshold, which needs two numbers more.
ACTIVATIONS = tuple(
    "celu elu exponential gelu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear "
    "log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign "
    "sparse_plus sparse_sigmoid sparsemax squareplus swish tanh tanh_shrink".split()
)
