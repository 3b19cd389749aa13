/*
 * OpenBLAS called from C: cblas_dgemm at the shapes of MatmulBenchmark, and the peak rate of fused multiply-adds of a
 * core. Prints one JSON object a line on stdout, and diagnostics on stderr.
 *
 *   gcc -O3 -march=native -o openblas openblas.c -l:libopenblas.so.0 -lm
 *   OPENBLAS_NUM_THREADS=1 ./openblas > openblas.jsonl
 *   OPENBLAS_NUM_THREADS=1 ./openblas 5 20        (5 runs of at least 20 ms each instead of 11 of 100)
 *
 * "gflops" is the rate of the median run, "best" that of the fastest.
 */
#define _POSIX_C_SOURCE 200809L
#include <immintrin.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Declared here, because Debian's package of the library has no headers. */
enum { ROW_MAJOR = 101, NO_TRANS = 111, TRANS = 112 };
void cblas_dgemm(int order, int trans_a, int trans_b, int m, int n, int k, double alpha, const double *a, int lda,
                 const double *b, int ldb, double beta, double *c, int ldc);
char *openblas_get_config(void);
int openblas_get_num_threads(void);

static const int SHAPES[][3] = {{16, 16, 16},    {32, 32, 32},    {64, 64, 64},       {128, 128, 128},
                                {256, 256, 256}, {512, 512, 512}, {1024, 1024, 1024}, {768, 512, 128},
                                {768, 128, 512}, {768, 65, 128},  {104, 64, 16},      {64, 64, 32}};
static const char *const KINDS[] = {"NN", "NT", "TN"};

/* The product that a run repeats. */
typedef struct {
    int m, n, k;
    int trans_a, trans_b;
    double *a, *b, *c;
} product;

static void multiply(const product *p) {
    int lda = p->trans_a == TRANS ? p->m : p->k;
    int ldb = p->trans_b == TRANS ? p->k : p->n;
    cblas_dgemm(ROW_MAJOR, p->trans_a, p->trans_b, p->m, p->n, p->k, 1.0, p->a, lda, p->b, ldb, 0.0, p->c, p->n);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int compare(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static double *random_matrix(size_t size) {
    double *x = malloc(size * sizeof *x);
    if (x == NULL) {
        fprintf(stderr, "openblas: out of memory for %zu numbers\n", size);
        exit(1);
    }
    for (size_t i = 0; i < size; i++) {
        x[i] = 2.0 * rand() / RAND_MAX - 1.0;
    }
    return x;
}

/* Compares some elements with the definition; each has an error of at most k * 2^-53 * sum |a*b|, and |a*b| <= 1. */
static void verify(const product *p) {
    double tolerance = 2.0 * p->k * p->k * 0x1p-53;
    multiply(p);
    for (int sample = 0; sample < 1000; sample++) {
        int i = rand() % p->m, j = rand() % p->n;
        double sum = 0.0;
        for (int q = 0; q < p->k; q++) {
            double x = p->trans_a == TRANS ? p->a[(size_t)q * p->m + i] : p->a[(size_t)i * p->k + q];
            double y = p->trans_b == TRANS ? p->b[(size_t)j * p->k + q] : p->b[(size_t)q * p->n + j];
            sum += x * y;
        }
        double difference = fabs(p->c[(size_t)i * p->n + j] - sum);
        if (!(difference <= tolerance)) {
            fprintf(stderr, "openblas: element (%d, %d) of %dx%dx%d has an error of %g, more than %g\n", i, j, p->m,
                    p->n, p->k, difference, tolerance);
            exit(1);
        }
    }
}

/* Returns the number of calls that take about the wanted time, and warms up. */
static long calls_for(const product *p, double wanted) {
    for (long calls = 1;; calls *= 2) {
        double start = seconds();
        for (long i = 0; i < calls; i++) {
            multiply(p);
        }
        double took = seconds() - start;
        if (took >= wanted / 2) {
            return (long)ceil((double)calls * wanted / took);
        }
    }
}

static void measure(const product *p, const char *kind, int runs, double wanted) {
    double *times = malloc((size_t)runs * sizeof *times);
    long calls = calls_for(p, wanted);
    for (int run = 0; run < runs; run++) {
        double start = seconds();
        for (long i = 0; i < calls; i++) {
            multiply(p);
        }
        times[run] = (seconds() - start) / (double)calls;
    }
    qsort(times, (size_t)runs, sizeof *times, compare);
    double gflop = 2e-9 * p->m * p->n * p->k;
    printf("{\"shape\":\"%dx%dx%d\",\"kind\":\"%s\",\"gflops\":%.3f,\"best\":%.3f}\n", p->m, p->n, p->k, kind,
           gflop / times[runs / 2], gflop / times[0]);
    fflush(stdout);
    free(times);
}

#if defined(__AVX512F__)
typedef __m512d lanes;
#define LANES 8
#define WIDTH "AVX-512"
#define SET _mm512_set1_pd
#define FMA _mm512_fmadd_pd
#elif defined(__AVX2__) && defined(__FMA__)
typedef __m256d lanes;
#define LANES 4
#define WIDTH "AVX2"
#define SET _mm256_set1_pd
#define FMA _mm256_fmadd_pd
#else
#error "this processor has neither AVX-512 nor AVX2 with FMA"
#endif

enum { SUMS = 12 };

/* Runs twelve independent chains; returns the number of multiply-adds of single numbers a second. */
static double multiply_adds_a_second(double wanted, double *sink) {
    const long steps = 1000000;
    lanes f = SET(0.99), s = SET(0.01), x[SUMS];
    long rounds = 0;
    double start = seconds(), took;
    do {
        for (int i = 0; i < SUMS; i++) {
            x[i] = SET(i);
        }
        for (long step = 0; step < steps; step++) {
#pragma GCC unroll 12
            for (int i = 0; i < SUMS; i++) {
                x[i] = FMA(x[i], f, s);
            }
        }
        for (int i = 0; i < SUMS; i++) {
            *sink += x[i][0];
        }
        rounds++;
        took = seconds() - start;
    } while (took < wanted);
    return (double)rounds * (double)steps * SUMS * LANES / took;
}

static void measure_peak(int runs, double wanted) {
    double *rates = malloc((size_t)runs * sizeof *rates);
    double sink = 0.0;
    for (int run = 0; run < runs; run++) {
        rates[run] = multiply_adds_a_second(wanted, &sink);
    }
    qsort(rates, (size_t)runs, sizeof *rates, compare);
    fprintf(stderr, "peak: %s, sum %g\n", WIDTH, sink);
    printf("{\"shape\":\"peak\",\"kind\":\"%s\",\"gflops\":%.3f,\"best\":%.3f}\n", WIDTH, 2e-9 * rates[runs / 2],
           2e-9 * rates[runs - 1]);
    free(rates);
}

int main(int argc, char **argv) {
    int runs = argc > 1 ? atoi(argv[1]) : 11;
    double wanted = 1e-3 * (argc > 2 ? atof(argv[2]) : 100.0);
    if (runs < 1 || !(wanted > 0)) {
        fprintf(stderr, "usage: openblas [runs [milliseconds]], both positive\n");
        return 2;
    }
    if (openblas_get_num_threads() != 1) {
        fprintf(stderr, "openblas: uses %d threads; set OPENBLAS_NUM_THREADS=1\n", openblas_get_num_threads());
        return 1;
    }
    fprintf(stderr, "%s\n", openblas_get_config());
    measure_peak(runs, wanted);
    for (size_t i = 0; i < sizeof SHAPES / sizeof *SHAPES; i++) {
        for (size_t kind = 0; kind < sizeof KINDS / sizeof *KINDS; kind++) {
            product p = {SHAPES[i][0], SHAPES[i][1], SHAPES[i][2], NO_TRANS, NO_TRANS, NULL, NULL, NULL};
            p.trans_a = KINDS[kind][0] == 'T' ? TRANS : NO_TRANS;
            p.trans_b = KINDS[kind][1] == 'T' ? TRANS : NO_TRANS;
            p.a = random_matrix((size_t)p.m * p.k);
            p.b = random_matrix((size_t)p.k * p.n);
            p.c = random_matrix((size_t)p.m * p.n);
            verify(&p);
            measure(&p, KINDS[kind], runs, wanted);
            free(p.a);
            free(p.b);
            free(p.c);
        }
    }
    return 0;
}
