package io.github.dbtls.sample.stage;

/**
 * What the demonstrations act on. There is none without the embedded database.
 */
public interface Stage {

	/**
	 * Return what is in force.
	 * @return the state at this moment
	 */
	StageState state();

}
