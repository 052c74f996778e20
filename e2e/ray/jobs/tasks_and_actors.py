"""Tasks and actors that print, on both streams."""
import sys
import time

import ray

ray.init()


@ray.remote(num_cpus=0.1)
def speak(number):
    print("task", number, "says a line")
    print("task", number, "complains", file=sys.stderr)
    return number


@ray.remote(num_cpus=0.1)
class Speaker:
    def speak(self, count):
        for number in range(count):
            print("actor line", number, flush=True)
            time.sleep(0.05)
        return count


speaker = Speaker.remote()
print(ray.get([speak.remote(number) for number in range(5)]))
print(ray.get(speaker.speak.remote(40)))
time.sleep(float(sys.argv[1]))
