// The five words that kernels are written with, as a GPU means them: an item of work is one thread.

#define LOOP static __device__
#define KERNEL(name)                                                \
  static void name##_launches(const Call& c);                       \
  extern "C" void name(const Call* call) { name##_launches(*call); } \
  static void name##_launches(const Call& c)
#define RUN(work, count) launch<work>(c, count)
#define CLEAR(place, size) clear(c, place, size)
#define GATHER(space, count, total, whole, columns) gather(c, count, columns)

#ifndef LAUNCH
#define LAUNCH(kernel, blocks, threads, stream, ...) \
  kernel<<<(unsigned)(blocks), (unsigned)(threads), 0, (cudaStream_t)(stream)>>>(__VA_ARGS__)
#endif

#undef HEAP_TILE
#define HEAP_TILE(name) STACK_TILE(name)
#define WIDEST 1                 // lanes of an item
static const int WARP = 32;      // threads that go in step
static const int BLOCK = 128;    // threads that are started together,
static const long MANY = 65536;  // where there are more than this; with fewer, each warp may find a free processor

static cudaError_t failed = cudaSuccess;
static void note(cudaError_t error) {
  if (failed == cudaSuccess) failed = error;
}

static const char* said(cudaError_t error) { return error == cudaSuccess ? 0 : cudaGetErrorString(error); }

// Why nothing can be run on a device, as where its driver is older than the compiler; or null.
extern "C" const char* refused(long device) { return said(cudaSetDevice((int)device)); }

// What went wrong since it was last asked for; or null.
extern "C" const char* trouble() {
  cudaError_t error = failed;
  failed = cudaSuccess;
  return said(error);
}

template <void (*work)(const Call&, long)>
__global__ void __launch_bounds__(BLOCK) every(const __grid_constant__ Call c) {
  work(c, (long)blockIdx.x * blockDim.x + threadIdx.x);
}

template <void (*work)(const Call&, long)> static void launch(const Call& c, long count) {
  if (count <= 0) return;
  long threads = count < MANY ? WARP : BLOCK;
  note(cudaSetDevice((int)c.device));
  LAUNCH(every<work>, (count + threads - 1) / threads, threads, c.stream, c);
  note(cudaGetLastError());
}

static void clear(const Call& c, void* place, long size) {
  note(cudaSetDevice((int)c.device));
  if (size > 0) note(cudaMemsetAsync(place, 0, size, (cudaStream_t)c.stream));
}

// Adds up what items of work found for one column of one voice, always in the same order.
static __global__ void __launch_bounds__(BLOCK) gather_partial(const __grid_constant__ Call c, long count, int columns) {
  long own = (long)blockIdx.x * blockDim.x + threadIdx.x, voice = own / columns;
  if (voice >= c.batch) return;
  double sum = 0;
  for (long number = voice; number < count; number += c.batch) sum += c.partial[number * columns + own % columns];
  c.grad_constants[own] += (float)sum;
}

static void gather(const Call& c, long count, int columns) {
  note(cudaSetDevice((int)c.device));
  LAUNCH(gather_partial, (c.batch * columns + BLOCK - 1) / BLOCK, BLOCK, c.stream, c, count, columns);
  note(cudaGetLastError());
}
