"""Makes python-safetensors.safetensors, which SafetensorsTest reads.

Made with Python 3.11, safetensors 0.8.0 and numpy 2.4.6:

    pip install safetensors numpy
    python3 record_python_safetensors.py
"""

import numpy
from safetensors.numpy import save_file

save_file(
    {
        "wte": numpy.arange(6, dtype=numpy.float64).reshape(2, 3) / 4,
        "layer0.ö": numpy.array([-0.0, 5e-324, numpy.inf]),
        "scalar": numpy.array(7.0),
    },
    "python-safetensors.safetensors",
    metadata={"format": "np", "greeting": 'a "quoted"\nline'},
)
