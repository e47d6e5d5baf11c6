// What CUDA says, said in C++: runs the text of kernels on a processor, so that tests can look at what they do.
//
// The threads of a warp are contexts that take turns: one goes on until it waits for the others, then the next does, in
// one order and then in the other, so that a result which hangs on an order is a wrong one. Blocks run one by one.

#include <math.h>
#include <string.h>
#include <ucontext.h>

#define __device__
#define __global__
#define __host__
#define __shared__ static
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline, unused))
#define __launch_bounds__(most)
#define __grid_constant__

#define sinpif cpu_sinpif
#define sinpi cpu_sinpi
#define __fmul_rn(x, y) ((float)((x) * (y)))
#define __dmul_rn(x, y) ((double)((x) * (y)))
#define cospif cpu_cospif
#define cospi cpu_cospi
#define sincospif cpu_sincospif
#define sincospi cpu_sincospi

static double sinpi(double x) { return sin(M_PI * (x - 2 * rint(x / 2))); }
static double cospi(double x) { return cos(M_PI * (x - 2 * rint(x / 2))); }
static float sinpif(float x) { return (float)sinpi(x); }
static float cospif(float x) { return (float)cospi(x); }
static void sincospi(double x, double* sine, double* cosine) { *sine = sinpi(x), *cosine = cospi(x); }
static void sincospif(float x, float* sine, float* cosine) { *sine = sinpif(x), *cosine = cospif(x); }

typedef int cudaError_t;
typedef void* cudaStream_t;
static const int cudaSuccess = 0, apart = 1;
static cudaError_t state = cudaSuccess;
static cudaError_t cudaSetDevice(int) { return cudaSuccess; }
static cudaError_t cudaGetLastError() { return state; }
static const char* cudaGetErrorString(cudaError_t) { return "threads of one warp have parted"; }
static cudaError_t cudaMemsetAsync(void* place, int value, unsigned long size, cudaStream_t) {
  memset(place, value, size);
  return cudaSuccess;
}

static struct { unsigned x; } threadIdx, blockIdx, blockDim;

// --- a warp

static const int THREADS = 32;
static const long STACK = 1 << 20;
static ucontext_t scheduler, contexts[THREADS];
static bool ended[THREADS];
static char stacks[THREADS][STACK];
static void (*body)(const void*);
static const void* handed;

static void thread() {
  body(handed);
  ended[threadIdx.x % THREADS] = true;
}

static void __syncwarp() { swapcontext(&contexts[threadIdx.x % THREADS], &scheduler); }

static void begin(int lane) {
  ended[lane] = false;
  getcontext(&contexts[lane]);
  contexts[lane].uc_stack.ss_sp = stacks[lane];
  contexts[lane].uc_stack.ss_size = STACK;
  contexts[lane].uc_link = &scheduler;
  makecontext(&contexts[lane], thread, 0);
}

// Runs each thread as far as it goes without the others; how many have ended.
static int turn(unsigned first, bool forwards) {
  int done = 0;
  for (int k = 0; k < THREADS; k++) {
    int lane = forwards ? k : THREADS - 1 - k;
    threadIdx.x = first + lane;
    swapcontext(&scheduler, &contexts[lane]);
    done += ended[lane];
  }
  return done;
}

static void run_warp(unsigned first) {
  for (int lane = 0; lane < THREADS; lane++) begin(lane);
  int done = 0;
  for (bool forwards = true; done == 0; forwards = !forwards) done = turn(first, forwards);
  if (done != THREADS) state = apart;
}

// --- a grid

template <class Work> static void call(const void* work) { (*(const Work*)work)(); }

template <class Work> static void run_grid(long blocks, long threads, Work work) {
  body = call<Work>;
  handed = &work;
  blockDim.x = threads;
  for (blockIdx.x = 0; blockIdx.x < blocks; blockIdx.x++)
    for (unsigned first = 0; first < threads; first += THREADS) run_warp(first);
}

#define LAUNCH(kernel, blocks, threads, stream, ...) run_grid(blocks, threads, [&] { kernel(__VA_ARGS__); })
