/* Port of sim/chance.py. */
#include <stdint.h>

#define UNIT_52 2.220446049250313e-16

/* Write the four 32-bit words of Philox4x32-10 at a counter, under a key. */
static void philox(uint32_t counter[4], uint32_t key_0, uint32_t key_1) {
    for (int round = 0; round < 10; round++) {
        uint64_t product_0 = (uint64_t)0xD2511F53u * counter[0];
        uint64_t product_1 = (uint64_t)0xCD9E8D57u * counter[2];
        counter[0] = (uint32_t)(product_1 >> 32) ^ counter[1] ^ key_0;
        counter[2] = (uint32_t)(product_0 >> 32) ^ counter[3] ^ key_1;
        counter[1] = (uint32_t)product_1;
        counter[3] = (uint32_t)product_0;
        key_0 += 0x9E3779B9u;
        key_1 += 0xBB67AE85u;
    }
}

/* Return the uniform draw at an address, strictly between 0 and 1. */
static double uniform(long seed, long replicate, long week, long purpose, long actor, long counterpart) {
    long occasion = ((replicate >> 32) & 0xFF) | week << 8 | purpose << 24;
    uint32_t counter[4] = {(uint32_t)replicate, (uint32_t)occasion, (uint32_t)actor, (uint32_t)counterpart};
    philox(counter, (uint32_t)seed, (uint32_t)(seed >> 32));
    uint64_t digits = (uint64_t)counter[0] << 20 | counter[1] >> 12;
    return ((double)digits + 0.5) * UNIT_52;
}

/* Return the standard normal draw at an address. */
static double normal(long seed, long replicate, long week, long purpose, long actor, long counterpart) {
    return normal_quantile(uniform(seed, replicate, week, purpose, actor, counterpart));
}
