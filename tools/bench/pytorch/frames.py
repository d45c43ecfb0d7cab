"""A first-order model in PyTorch, frame by frame: what upstream computes. Run from tools/: python3 -m bench.pytorch.frames

The first line of stdin is {"config": model_params, "size": [height, width]}. Each further line is the index of a driving
picture, and is answered by {"ms": …, "pixels": [every 97th number of the prediction]}. Weights and pictures are procedural.
"""
import json
import os
import sys
import time

import torch

from fixtures.fixture import Fomm, tensors
from fixtures.modes import transfer_fomm
from fixtures.procedural import picture, state_dict


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(os.cpu_count() or 1)
    asked = json.loads(sys.stdin.readline())
    config, (height, width) = asked["config"], asked["size"]
    layout = Fomm.layout(config)
    detector = tensors(state_dict("kp_detector", layout["kp_detector"]), torch.float32)
    generator = tensors(state_dict("generator", layout["generator"]), torch.float32)

    def still(index: int) -> torch.Tensor:
        return torch.from_numpy(picture(height, width, index))[None].float()

    source_picture = still(0)
    source, initial = (Fomm.detect(still(index), detector, config) for index in (0, 1))
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        driving_picture = still(int(line))
        begun = time.perf_counter()
        driving = Fomm.detect(driving_picture, detector, config)
        moved = transfer_fomm(source, initial, driving, relative=True, adapt_scale=False)
        prediction = Fomm.generate(source_picture, moved, source, generator, config, True)["prediction"]
        ms = 1000 * (time.perf_counter() - begun)
        print(json.dumps({"ms": ms, "pixels": prediction.flatten()[::97].tolist()}), flush=True)


main()
