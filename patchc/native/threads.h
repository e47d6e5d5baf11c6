// How items of work are dealt out to threads: whoever is free takes the next one, and what an item gives depends on
// nothing but its number.

#include <pthread.h>

template <class Given> struct Turn {
  const Given* given;
  void (*work)(const Given&, long);
  long count;
  long* next;
};

template <class Given> static void* serve(void* turn) {
  Turn<Given>& own = *(Turn<Given>*)turn;
  for (;;) {
    long item = __atomic_fetch_add(own.next, 1, __ATOMIC_RELAXED);
    if (item >= own.count) return 0;
    own.work(*own.given, item);
  }
}

template <class Given> static void deal_out(const Given& given, void (*work)(const Given&, long), long count, long threads) {
  long next = 0, hired = 0;
  Turn<Given> turn = {&given, work, count, &next};
  pthread_t helpers[64];
  long wanted = (threads < count ? threads : count) - 1;
  while (hired < wanted && hired < 64 && !pthread_create(&helpers[hired], 0, serve<Given>, &turn)) hired++;
  serve<Given>(&turn);
  for (long k = 0; k < hired; k++) pthread_join(helpers[k], 0);
}
