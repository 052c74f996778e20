"""Silence in the middle."""
import sys
import time

print("before")
time.sleep(float(sys.argv[1]))
print("after")
