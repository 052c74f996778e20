"""An actor that prints numbered lines of equal length, so many more whenever the next file `go-<n>` appears.

Usage: rotating.py FOLDER LINES BURSTS [equal]
"""

import os
import sys
import time

import ray

folder, lines, bursts = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
equal = len(sys.argv) > 4


def wait_for(name):
    while not os.path.exists(os.path.join(folder, name)):
        time.sleep(0.02)


@ray.remote(num_cpus=1)
class Printer:
    def burst(self, number):
        for line in range(number * lines, (number + 1) * lines):
            print("line", "=" * 30 if equal else f"{line:06d} " + "x" * 30, flush=True)
        return number


@ray.remote(num_cpus=1)
def task(number):
    for line in range(number * lines, (number + 1) * lines):
        print("task", f"{line:06d} " + "x" * 30, flush=True)


printer = Printer.options(name="printer").remote()
for number in range(bursts):
    wait_for(f"go-{number}")
    ray.get(printer.burst.remote(number))
    ray.get(task.remote(number))
    open(os.path.join(folder, f"done-{number}"), "w").close()
wait_for("end")
