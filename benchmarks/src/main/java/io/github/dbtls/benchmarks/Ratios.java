package io.github.dbtls.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The ratios of two contestants, one for each round, and their median.
 *
 * @param values the ratios, sorted
 */
record Ratios(List<Double> values) {

	Ratios {
		values = values.stream().sorted().toList();
	}

	/**
	 * Compare what samples of the same round cost.
	 * @param costly the samples whose cost is above the line
	 * @param cheap the samples whose cost is below the line
	 * @param cost the cost
	 * @return the ratios, of the rounds that both have
	 */
	static Ratios of(List<Sample> costly, List<Sample> cheap, ToDoubleFunction<Sample> cost) {
		List<Double> ratios = new ArrayList<>();
		for (Sample above : costly) {
			for (Sample below : cheap) {
				if (above.round() == below.round()) {
					ratios.add(cost.applyAsDouble(above) / cost.applyAsDouble(below));
				}
			}
		}
		return new Ratios(ratios);
	}

	boolean isEmpty() {
		return this.values.isEmpty();
	}

	double median() {
		return median(this.values);
	}

	static double median(List<Double> values) {
		List<Double> sorted = new ArrayList<>(values);
		Collections.sort(sorted);
		int middle = sorted.size() / 2;
		return (sorted.size() % 2 == 1) ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
	}

	String spread() {
		return String.format(Locale.ROOT, "%.2f–%.2f", this.values.get(0), this.values.get(this.values.size() - 1));
	}

}
