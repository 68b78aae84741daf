package io.gatefleet.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param items at most as many as were asked for
 * @param nextPageToken where to go on; null on the last page
 * @param revision of the picture that the list shows: another one with every change. Not to be looked into; where the
 *     service can be watched, the watch goes on from here
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(List<T> items, @Nullable String nextPageToken, String revision) {}
