"""An actor whose process dies once, and is started anew."""
import os
import time

import ray

ray.init()


def restarted():
    return ray.get_runtime_context().was_current_actor_reconstructed


@ray.remote(num_cpus=0, max_restarts=1, max_task_retries=-1)
class Mortal:
    def speak(self, word):
        print("second" if restarted() else "first", word, flush=True)

    def die(self):
        if not restarted():
            os._exit(1)


mortal = Mortal.remote()
ray.get(mortal.speak.remote("life"))
# Long enough to be tailed.
time.sleep(4)
ray.get(mortal.die.remote())
ray.get(mortal.speak.remote("life"))
time.sleep(3)
