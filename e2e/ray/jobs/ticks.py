"""Twenty lines a second, each with its time, for so many seconds."""
import sys
import time

for number in range(int(float(sys.argv[1]) * 20)):
    print(number, time.time() * 1000, flush=True)
    time.sleep(0.05)
