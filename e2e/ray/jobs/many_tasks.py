"""A driver that nobody submitted: three kinds of tasks, or so many with long names, so many of each."""
import sys

import ray

ray.init(address=sys.argv[1], log_to_driver=False)


def kind(number):
    return number


names = ["red", "green", "blue"]
if len(sys.argv) > 3:
    names = [f"{number}-{'x' * 500}" for number in range(int(sys.argv[3]))]
tasks = [ray.remote(num_cpus=0.1)(kind).options(name=name) for name in names]
print(sum(ray.get([task.remote(number) for task in tasks for number in range(int(sys.argv[2]))])))
