/** ZooKeeper as the benchmark starts and asks it. */
@NullMarked
package io.gatefleet.bench.zookeeper;

import org.jspecify.annotations.NullMarked;
