"""From C++ text to a function that can be called: the compiler of the machine, the cache of what it built."""
