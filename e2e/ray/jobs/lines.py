"""Prints so many lines at full speed."""
import sys

for number in range(int(sys.argv[1])):
    print(f"line {number} of a log that is written as fast as it can be")
