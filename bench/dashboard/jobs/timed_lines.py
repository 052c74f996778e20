"""Lines with the time at which they were printed. Arguments: <lines> <seconds before each>"""

import sys
import time

print("begins", flush=True)
for number in range(int(sys.argv[1])):
    time.sleep(float(sys.argv[2]))
    print(number, time.time() * 1000, flush=True)
